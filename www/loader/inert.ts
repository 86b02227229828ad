/** What `start()` resolves to where the engine cannot run: the same methods, doing nothing. */

import type { Decision, Tailorbird } from "./types.js";

const nothing = (): void => {};

const ownContent = (slot: string): Decision => ({
  slot,
  variant: null,
  level: "standard",
  score: 0,
  propensity: 1,
  reasons: ["the engine is not available"],
});

export const inert = (): Tailorbird => ({
  available: false,
  track: nothing,
  attributes: nothing,
  push: nothing,
  decide: ownContent,
  peek: ownContent,
  explain: () => null,
  feature: () => null,
  profile: () => ({}),
  consent: nothing,
  export: (options => (options ? Promise.resolve(null) : {})) as Tailorbird["export"],
  import: async () => ({ imported: false, reason: "unavailable" }),
  forget: nothing,
  erase: nothing,
  ready: nothing,
  on: () => nothing,
  stop: nothing,
});
