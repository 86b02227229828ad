/** Starts the engine, once a page. */

import { isEngineError, type Engine, type EngineConstructor } from "../page/boundary.js";
import { ConfigError } from "./config.js";
import { dispatch } from "./events.js";
import type { Settings } from "./options.js";
import { createTailorbird, type Chunks } from "./tailorbird.js";
import type { Command, Tailorbird } from "./types.js";
import { unavailable } from "./unavailable.js";

/** There now, or later. What is there now is not awaited: the page may be painted meanwhile. */
export type Awaitable<T> = T | Promise<T>;

/** What differs between the script tag and the npm entries. */
export interface Loading extends Chunks {
  /** The class of the engine, compiled. */
  engine(): Awaitable<EngineConstructor>;
  /** The config as a tree. */
  config(): unknown;
  /** What the page has queued of consent: see `Observer`. */
  queued?(): readonly unknown[];
  /** The object exists, and the first decision is not made yet. */
  onCreated?(tailorbird: Tailorbird): void;
}

/** A start that runs, or is about to. */
interface Current {
  /** Missing while the start is running in this very moment. */
  tailorbird?: Awaitable<Tailorbird>;
}

/** What all copies of this script on a page share: the script tag and npm have no module in common. */
interface Registry {
  current?: Current | undefined;
  /** Set when wasm has trapped. Engines are kept, because freeing them would enter that wasm again. */
  trapped?: (Engine | undefined)[];
  /** What the page has queued for a script tag whose config was refused. */
  queue?: Command[] | undefined;
}

const KEY = Symbol.for("tailorbird");

const findRegistry = (): Registry => {
  try {
    return ((globalThis as { [KEY]?: Registry | undefined })[KEY] ??= {});
  } catch {
    return {}; // a global object that was frozen
  }
};

export const registry = findRegistry();

const inPage = typeof document != "undefined";

/** Whether the browser is new enough. What else it lacks shows when the wasm is compiled. */
const isSupported = (): boolean =>
  typeof WebAssembly == "object" &&
  typeof crypto == "object" &&
  // Browsers without `aspect-ratio` ignore the signal of `addEventListener` (Chrome 88, Firefox 86, Safari 15).
  (!inPage || ("IntersectionObserver" in window && CSS.supports("aspect-ratio", "1")));

/** Says in the console why the config cannot be used. */
const warnOf = ({ message, problems }: ConfigError): void => {
  const title = problems.length ? "the config is refused" : message;
  console.warn([`tailorbird: ${title}; the page stays as it is`, ...problems].join("\n  "));
};

const run = (settings: Settings, loading: Loading, current: Current): Awaitable<Tailorbird> => {
  const release = (): void => {
    if (registry.current == current) registry.current = undefined;
  };
  const fail = (reason: unknown): Tailorbird => {
    if (reason instanceof ConfigError) {
      // A later start, whose config may be better, gets its turn.
      release();
      warnOf(reason);
    }
    return unavailable(reason, loading.onCreated);
  };
  const create = ([config, EngineClass]: readonly [unknown, EngineConstructor]): Tailorbird => {
    try {
      return createTailorbird(EngineClass, config, settings, loading, {
        ...(loading.queued && { queued: loading.queued }),
        onCreated: (tailorbird) => {
          current.tailorbird = tailorbird;
          loading.onCreated?.(tailorbird);
        },
        onStop: release,
        onTrap: (engine) => {
          (registry.trapped ??= []).push(engine);
        },
      });
    } catch (reason) {
      if (!isEngineError(reason)) return fail(reason);
      const problems = reason.problems ?? [];
      return fail(new ConfigError(`the config is refused: ${problems[0] ?? reason.message}`, problems));
    }
  };
  try {
    if (!isSupported()) throw new Error("this browser is too old");
    const config = loading.config();
    // Its failure counts below; until then it must not be reported as unhandled.
    if (config instanceof Promise) config.catch(() => {});
    const engine = loading.engine();
    return config instanceof Promise || engine instanceof Promise
      ? Promise.all([config, engine]).then(create).catch(fail)
      : create([config, engine]);
  } catch (reason) {
    return fail(reason);
  }
};

/**
 * Starts, or joins the start that came first. One whose config is refused is replaced by the next. Never
 * throws, never rejects.
 */
export const begin = (settings: Settings, loading: Loading): Awaitable<Tailorbird> => {
  if (registry.trapped) return unavailable("the engine has failed on this page before", loading.onCreated);
  const first = inPage ? registry.current : undefined;
  if (!first) {
    const current: Current = {};
    if (inPage) registry.current = current;
    return (current.tailorbird = run(settings, loading, current));
  }
  const join = (tailorbird: Tailorbird): Awaitable<Tailorbird> => {
    if (registry.current != first) return begin(settings, loading);
    dispatch("duplicate", {});
    return tailorbird;
  };
  const { tailorbird } = first;
  if (!tailorbird) return Promise.resolve().then(() => begin(settings, loading));
  return tailorbird instanceof Promise ? tailorbird.then(join) : join(tailorbird);
};
