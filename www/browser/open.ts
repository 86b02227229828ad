/** Opens the engine on a config, ties it to the page, and hands out the object the site uses. */

import { inert } from "../loader/inert.js";
import type { Consent, StartOptions, Tailorbird, TailorbirdEvents } from "../loader/types.js";
import { announce, hear, newStage } from "./announce.js";
import type { PromptFile } from "./ask.js";
import type { Effect, NewEngine } from "./boundary.js";
import { bits, digits } from "./chance.js";
import type { CheckFile } from "./check.js";
import { moving, type TransferFile } from "./move.js";
import { page } from "./page.js";
import { placing, type CountryFile } from "./place.js";
import { cut, plain } from "./plain.js";
import { visit } from "./visit.js";

/** What differs between the script tag and the npm entries. */
export interface Surroundings {
  /** Loads the file with all that few pages need of the engine. */
  check: () => Promise<CheckFile>;
  /** Loads the file with the dialog. */
  prompt: () => Promise<PromptFile>;
  /** Loads the file with the countries. */
  country: () => Promise<CountryFile>;
  /** Loads the file that moves profiles. */
  transfer: () => Promise<TransferFile>;
  /** Hands out the object before the first decision, for what was queued to count in it. */
  handOut?: (tailorbird: Tailorbird) => void;
}

/** What the words of the option mean; anything else is as good as nothing. */
const CONSENT = { granted: true, denied: false, session: "session", auto: null } as const;

/** What is thrown where the config has problems. */
export const WRONG = Symbol();

/** Throws when the config has problems. `stopped` is called should the site stop the engine. */
export const open = (
  newEngine: NewEngine,
  config: unknown,
  options: StartOptions,
  { check, prompt, country, transfer, handOut }: Surroundings,
  stopped: () => void,
): Tailorbird => {
  const { low, high } = bits();
  const engine = newEngine(config, low, high);
  const known = engine.receive({ ask: "slots" }, 0);
  if (known.some(line => typeof line == "string")) {
    engine.free();
    throw WRONG;
  }

  const still = inert();
  const stage = newStage();
  let personalize: boolean | "session" | null = CONSENT[options.consent ?? "auto"] ?? null;
  const offs = [
    hear(stage, "consent", (consent: TailorbirdEvents["consent"]) => {
      personalize = consent.personalize;
    }),
  ];
  const current = visit(engine, effect => apply(effect), stage, options.debug);
  const { send, safely, guarded, end, ended } = current;
  // Without a page, in Node, nothing is heard and nothing kept: decisions come from attributes.
  const ours = typeof document == "undefined" ? undefined : page(current, engine, known as Exclude<(typeof known)[number], string>[], options, prompt, () => check().then(file => file.merging(config)));
  const apply =
    ours?.apply ??
    ((effect: Effect) => {
      if (effect.effect == "restore") send({ signal: "restored", profile: null, journals: [], journal: digits() });
      if (effect.effect == "announce") announce(effect.name, effect.detail, stage);
    });

  const text = (value: unknown): string => (typeof value == "string" ? cut(value) : "");
  const attributes = guarded((given: unknown) => send({ signal: "attributes", attributes: plain(given) ?? {} }));
  const on: Tailorbird["on"] = (name, heard) => {
    const off = typeof heard == "function" ? hear(stage, text(name), heard) : () => {};
    offs.push(off);
    return off;
  };
  const methods = {
    track: guarded((name: string, params?: unknown) =>
      send({ signal: "track", event: text(name), params: plain(params) ?? {} }),
    ),
    attributes,
    // Who speaks of measuring alone changes nothing else.
    consent: guarded((given: Consent) =>
      send({ personalize, ...(plain(given) as Consent | undefined), signal: "consent" }),
    ),
    forget: guarded((interest: string) => send({ signal: "forget", interest: text(interest) })),
    erase: guarded(() => send({ signal: "erase", ...bits() })),
    ready: guarded(() => ours?.change()),
    on,
  };
  const tailorbird: Tailorbird = {
    ...methods,
    get available() {
      return !ended.aborted;
    },
    push: (...commands) => {
      for (const command of commands) {
        let parts: unknown[];
        try {
          // Also the `arguments` of a function like `gtag`.
          parts = Array.prototype.slice.call(command, 0, 3);
        } catch {
          continue; // nothing that has parts
        }
        const [name, ...given] = parts;
        if (typeof name == "string" && methods.hasOwnProperty(name)) {
          (methods[name as keyof typeof methods] as (...given: unknown[]) => void)(...given);
        }
      }
    },
    decide: safely(slot => {
      const now = Date.now();
      ours?.catchUp();
      send({ signal: "met", slot: text(slot) }, now);
      return engine.receive({ ask: "peek", slot: text(slot) }, now);
    }, still.decide),
    peek: safely(slot => {
      ours?.catchUp();
      return engine.receive({ ask: "peek", slot: text(slot) }, Date.now());
    }, still.peek),
    feature: safely((key, { attributes, peek } = {}) => {
      const now = Date.now();
      const asked = { feature: text(key), attributes: plain(attributes) ?? {} };
      ours?.catchUp();
      if (!peek) send({ signal: "used", ...asked }, now);
      return engine.receive({ ask: "feature", ...asked }, now);
    }, still.feature),
    explain: safely(slot => engine.receive({ ask: "explain", slot: text(slot) }, Date.now()), still.explain),
    profile: safely(() => engine.receive({ ask: "profile" }, Date.now()), still.profile),
    ...moving({ visit: current, engine, storage: ours?.storage, namespace: options.namespace }, transfer, still),
    stop: () => {
      for (const off of offs) off();
      if (!end()) return;
      stopped();
      engine.free();
    },
  };

  guarded(() => {
    send({ signal: "consent", personalize, ...(personalize === null && { auto: true }) });
    if (options.attributes) attributes(options.attributes);
    if (ours) placing(current, config, country);
    ours?.hear();
  })();
  handOut?.(tailorbird);
  guarded(() => {
    if (options.wait != "hydration") ours?.change();
    announce("ready", { available: true }, stage);
  })();
  return tailorbird;
};
