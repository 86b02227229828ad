/** Starting, once a page. */

import type { NewEngine } from "../browser/boundary.js";
import { open, WRONG, type Surroundings } from "../browser/open.js";
import type { StartOptions, Tailorbird } from "./types.js";
import { announce } from "../browser/announce.js";
import { refuse } from "./config.js";
import { unavailable } from "./unavailable.js";

/** There now, or later. What is there now must not wait: the page may be painted meanwhile. */
export type Maybe<T> = T | Promise<T>;

export interface Loading extends Surroundings {
  /** The core, compiled. */
  core: () => Maybe<NewEngine>;
  /** The config's tree. */
  config: () => unknown;
}

const inPage = typeof document != "undefined";

// The script tag and npm have no module in common, only the page. In Node each start is its own.
const FIRST = Symbol.for("tailorbird");
const shared: { [FIRST]?: Maybe<Tailorbird> } = inPage ? (window as object) : {};

/** What this browser lacks is found out here, or when the core is compiled. */
const able = (): boolean =>
  typeof WebAssembly == "object" &&
  typeof crypto == "object" &&
  (!inPage || ("IntersectionObserver" in window && "replaceChildren" in document.documentElement));

/** A page that is rendered ahead of its visit is nobody's page view yet. */
const visited = (): unknown =>
  inPage &&
  (document as { prerendering?: boolean }).prerendering &&
  new Promise(resolve => document.addEventListener("prerenderingchange", resolve, { once: true }));

const run = (options: StartOptions, loading: Loading): Maybe<Tailorbird> => {
  const fail = (reason: unknown): Tailorbird => unavailable(reason, loading.handOut);
  const ready = ([config, core]: readonly [unknown, NewEngine, unknown]): Maybe<Tailorbird> => {
    try {
      return open(core, config, options, loading, () => delete shared[FIRST]);
    } catch (reason) {
      if (reason != WRONG) throw reason;
      return loading
        .check()
        .then(({ problems }) => problems(config))
        .catch(() => ["what is wrong could not be loaded, `tailorbird validate` says it"])
        .then(refuse)
        .catch(fail);
    }
  };
  try {
    if (!able()) throw new Error("this browser is too old");
    const config = loading.config();
    // Its failure counts below; until then nobody must think that nobody cares.
    if (config instanceof Promise) config.catch(() => {});
    const parts = [config, loading.core(), visited()] as const;
    return parts.some(part => part instanceof Promise)
      ? Promise.all(parts).then(ready).catch(fail)
      : ready(parts as readonly [unknown, NewEngine, unknown]);
  } catch (reason) {
    return fail(reason);
  }
};

/** Starts, or joins the start that came first. Never throws, never rejects. */
export const begin = (options: StartOptions, loading: Loading): Maybe<Tailorbird> => {
  const first = inPage && shared[FIRST];
  if (!first) return (shared[FIRST] = run(options, loading));
  announce("duplicate", {});
  return first;
};
