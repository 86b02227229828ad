/** What `start()` resolves to where the engine cannot run: the same methods, doing nothing. */

import type { Decision, ExportOptions, Imported, Tailorbird } from "./types.js";

const noop = (): void => {};

const ownContent = (slot: string): Decision => ({
  slot,
  variant: null,
  level: "standard",
  score: 0,
  propensity: 1,
  reasons: ["the engine is not available"],
});

export const createInert = (): Tailorbird => ({
  available: false,
  track: noop,
  attributes: noop,
  push: noop,
  decide: ownContent,
  peek: ownContent,
  explain: ((what: unknown) => (what === undefined || what === "prompts" ? [] : null)) as Tailorbird["explain"],
  prompt: noop,
  feature: () => null,
  recommend: () => Promise.resolve([]),
  profile: () => ({}),
  report: () => ({ since: null, sessions: 0, slots: [], prompts: [], experiments: [] }),
  reports: () => [],
  consent: () => Promise.resolve(),
  export: ((options?: ExportOptions) => (options ? Promise.resolve(null) : {})) as Tailorbird["export"],
  import: () => Promise.resolve<Imported>({ imported: false, reason: "unavailable" }),
  audit: () => Promise.resolve(null),
  inspect: () => Promise.resolve(false),
  locate: () => Promise.resolve(undefined),
  forget: noop,
  correct: noop,
  pause: noop,
  erase: noop,
  ready: noop,
  on: () => noop,
  stop: noop,
});
