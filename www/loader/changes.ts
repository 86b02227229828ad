/** Notices which features have another value than whoever asked for them goes by. */

import type { Attributes, Feature, Tailorbird } from "./types.js";

/** After these announcements a feature may have another value. */
const ANNOUNCED = ["consent", "decision", "prompt", "storage-reset"] as const;

export interface Changes {
  /** Hears what the engine announces. */
  hear(engine: Tailorbird): void;
  /** Notes what somebody was told of a feature; `null` where there was nothing to tell. */
  note(key: string, attributes: Attributes, feature: Feature | null): void;
  /** Looks for changes, once for everything that happens in this task. */
  look(): void;
  /** Forgets who asked for what, and the engine. */
  end(): void;
}

/** What makes two answers the same for whoever asked. */
const gist = (feature: Feature | null): string =>
  JSON.stringify(feature && [feature.value, feature.source, feature.rule, feature.variation]);

export const changes = (tell: (keys: string[]) => void): Changes => {
  /** Each feature that was asked for: with which attributes, as text as well, and what came of it. */
  const asked = new Map<string, { attributes: Attributes; given: string; told: string }>();
  let engine: Tailorbird | undefined;
  let due = false;
  let offs: (() => void)[] = [];

  const look = (): void => {
    if (due) return;
    due = true;
    // No microtask: where an app evaluates a script in its web view, WebKit runs those after each
    // listener, and what follows from a consent, say, has not happened yet.
    setTimeout(() => {
      due = false;
      const keys: string[] = [];
      for (const [key, last] of asked) {
        if (!engine?.available) return;
        const now = gist(engine.feature(key, { attributes: last.attributes, peek: true }));
        if (now != last.told) keys.push(key);
        last.told = now;
      }
      if (keys.length) tell(keys);
    });
  };

  return {
    hear: running => {
      engine = running;
      offs = ANNOUNCED.map(name => running.on(name, look));
      look();
    },
    note: (key, attributes, feature) => {
      const given = JSON.stringify(attributes);
      const told = gist(feature);
      const last = asked.get(key);
      if (!last || (last.given != given && !due)) asked.set(key, { attributes, given, told });
      // Whoever asked before still goes by the other value.
      else if (last.told != told) look();
    },
    look,
    end: () => {
      for (const off of offs) off();
      asked.clear();
      engine = undefined;
    },
  };
};
