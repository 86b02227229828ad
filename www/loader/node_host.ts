/** The engine's host where there is no page: decisions come from attributes, and nothing is shown. */

import type { EngineHost } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import { plain } from "./plain.js";

const noop = (): void => {};

/** `rank` answers that the site model cannot be asked. */
export const createNodeHost = (guard: Guard, target: EventTarget, rank: EngineHost["rank"]): EngineHost => ({
  target,
  signal: guard.signal,
  guard: (entry) => guard.wrap(entry, () => undefined),
  plain,
  patchMethod: () => false,
  listened: noop,
  touched: noop,
  show: noop,
  revert: noop,
  prompt: noop,
  preview: noop,
  redirect: noop,
  // Nothing was stored, and the engines of a process share its memory.
  restart: noop,
  speculate: noop,
  rank,
});
