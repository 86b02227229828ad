/** Notices which features have another value than the one that was last reported. */

import type { Attributes, Feature, Tailorbird } from "../loader/types.js";

/** After these events a feature may have another value. */
const EVENTS = ["consent", "decision", "prompt", "storage-reset"] as const;

export interface FeatureChanges {
  /** Starts listening to the engine. */
  watch(engine: Tailorbird): void;
  /** Remembers what was reported for a feature; `null` where there was nothing to report. */
  remember(key: string, attributes: Attributes, feature: Feature | null): void;
  /** Looks for changes, once for everything that happens in this task. */
  check(): void;
  /** Forgets what was reported, and the engine. */
  end(): void;
}

/** Two results with the same fingerprint are the same to whoever evaluated the feature. */
const fingerprint = (feature: Feature | null): string =>
  JSON.stringify(feature && [feature.value, feature.source, feature.rule, feature.variation]);

export const createFeatureChanges = (onChange: (keys: string[]) => void): FeatureChanges => {
  /** For each feature that was evaluated: the attributes, the same as text, and the result. */
  const evaluated = new Map<string, { attributes: Attributes; attributesText: string; reported: string }>();
  let engine: Tailorbird | undefined;
  let due = false;
  let subscriptions: (() => void)[] = [];

  const check = (): void => {
    if (due) return;
    due = true;
    // Not a microtask: where an app evaluates a script in its web view, WebKit runs those after each
    // listener, and what follows from a consent, for example, has not happened yet.
    setTimeout(() => {
      due = false;
      const keys: string[] = [];
      for (const [key, last] of evaluated) {
        if (!engine?.available) return;
        const now = fingerprint(engine.feature(key, { attributes: last.attributes, peek: true }));
        if (now != last.reported) keys.push(key);
        last.reported = now;
      }
      if (keys.length) onChange(keys);
    });
  };

  return {
    watch: (running) => {
      engine = running;
      subscriptions = EVENTS.map((name) => running.on(name, check));
      check();
    },
    remember: (key, attributes, feature) => {
      const attributesText = JSON.stringify(attributes);
      const reported = fingerprint(feature);
      const last = evaluated.get(key);
      if (!last || (last.attributesText != attributesText && !due))
        evaluated.set(key, { attributes, attributesText, reported });
      // Earlier callers still use the other value.
      else if (last.reported != reported) check();
    },
    check,
    end: () => {
      for (const off of subscriptions) off();
      evaluated.clear();
      engine = undefined;
    },
  };
};
