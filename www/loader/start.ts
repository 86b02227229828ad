/** Starts the engine, once a page. */

import { isEngineError, type Engine, type EngineConstructor, type EngineError } from "../page/boundary.js";
import { ConfigError } from "./config.js";
import { dispatch } from "./events.js";
import type { Settings } from "./options.js";
import { createTailorbird, type Chunks } from "./tailorbird.js";
import type { Command, Tailorbird } from "./types.js";
import { unavailable } from "./unavailable.js";

/** What differs between the script tag and the npm entries. */
export interface Loading extends Chunks {
  /** The class of the engine, compiled. */
  engine(): Promise<EngineConstructor>;
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
  tailorbird?: Tailorbird | Promise<Tailorbird>;
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

/** The engine refuses the config as a whole. */
const refusal = ({ message, problems = [] }: EngineError): ConfigError =>
  new ConfigError(`the config is refused: ${problems[0] ?? message}`, problems);

const run = async (settings: Settings, loading: Loading, current: Current): Promise<Tailorbird> => {
  const release = (): void => {
    if (registry.current == current) registry.current = undefined;
  };
  try {
    if (!isSupported()) throw new Error("this browser is too old");
    // The config may be on its way while the engine is compiled.
    const [config, EngineClass] = await Promise.all([loading.config(), loading.engine()]);
    return await createTailorbird(EngineClass, config, settings, loading, {
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
  } catch (thrown) {
    const reason = isEngineError(thrown) ? refusal(thrown) : thrown;
    if (reason instanceof ConfigError) {
      // A later start, whose config may be better, gets its turn.
      release();
      warnOf(reason);
    }
    return unavailable(reason, loading.onCreated);
  }
};

/**
 * Starts, or joins the start that came first. One whose config is refused is replaced by the next. Never
 * rejects.
 */
export const begin = async (settings: Settings, loading: Loading): Promise<Tailorbird> => {
  for (;;) {
    if (registry.trapped) return unavailable("the engine has failed on this page before", loading.onCreated);
    const first = inPage ? registry.current : undefined;
    if (!first) {
      const current: Current = {};
      if (inPage) registry.current = current;
      return (current.tailorbird = run(settings, loading, current));
    }
    const tailorbird = await first.tailorbird;
    if (tailorbird && registry.current == first) {
      dispatch("duplicate", {});
      return tailorbird;
    }
  }
};
