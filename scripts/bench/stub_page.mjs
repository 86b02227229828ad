/**
 * As much of a browser's page as the engine needs to run in Node: a clock, timers, storage, locks, events.
 *
 * Nothing happens by itself, and nothing later: time passes with `advance`, and locks are granted at once. So
 * what a call costs can be timed, and years can be lived in seconds.
 */

import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Chance } from "../oracle/chance.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @import { Engine, EngineConstructor, EngineHost } from "../../www/page/boundary.js"
 *
 * @typedef {{ then(fulfilled: (value: unknown) => unknown): Settled }} Settled
 * @typedef {(lock: { name: string }) => unknown} Grant
 * @typedef {{ at: number, call: () => void }} Timer
 * @typedef {ReturnType<typeof installPage>} StubPage
 * @typedef {{ Engine: EngineConstructor, memoryBytes: () => number, plain: (value: unknown) => unknown }} Loaded
 */

/**
 * What is `then`ed at once.
 *
 * @param {unknown} value
 * @returns {Settled}
 */
const settled = (value) => ({ then: (fulfilled) => settled(fulfilled(value)) });
/** @type {Settled} */
const never = { then: () => never };

class StubStorage {
  /** @type {Map<string, string>} */
  items = new Map();
  get length() {
    return this.items.size;
  }
  /** @param {number} index */
  key(index) {
    return [...this.items.keys()][index] ?? null;
  }
  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  /**
   * @param {string} key
   * @param {string} text
   */
  setItem(key, text) {
    this.items.set(key, text);
  }
  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/**
 * The globals of a page, put in place of Node's. There is one, for all engines.
 *
 * @param {{ now: number, seed?: number }} given
 */
export const installPage = ({ now, seed = 1 }) => {
  const chance = new Chance(seed);
  const target = new EventTarget();
  const localStorage = new StubStorage();
  /** @type {(() => void)[]} */
  const microtasks = [];
  /** @type {(() => void)[]} */
  const idle = [];
  /** @type {Map<number, Timer>} */
  const timers = new Map();
  const heldLocks = new Set();
  let timerId = 0;

  const page = {
    now,
    localStorage,
    /** Milliseconds of each callback for which the engine waited until there is time. */
    idleMs: /** @type {number[]} */ ([]),
    /** Runs what waits for the end of the task, and for time. */
    settle() {
      while (microtasks.length + idle.length > 0) {
        for (const task of microtasks.splice(0)) task();
        for (const task of idle.splice(0)) {
          const from = performance.now();
          task();
          page.idleMs.push(performance.now() - from);
        }
      }
    },
    /**
     * Lets time pass; timers ring at their time.
     *
     * @param {number} ms
     */
    advance(ms) {
      const until = page.now + ms;
      page.settle();
      for (;;) {
        const [id, next] = [...timers].reduce(
          (first, timer) => (timer[1].at < first[1].at ? timer : first),
          /** @type {[number, Timer]} */ ([0, { at: Infinity, call() {} }]),
        );
        if (next.at > until) break;
        timers.delete(id);
        page.now = Math.max(page.now, next.at);
        next.call();
        page.settle();
      }
      page.now = until;
    },
    /** The visitor goes to another page. */
    leave() {
      page.settle();
      target.dispatchEvent(new Event("pagehide"));
      heldLocks.clear();
      timers.clear();
      idle.length = 0;
    },
  };

  const locks = {
    /**
     * @param {string} name
     * @param {[grant: Grant] | [options: object, grant: Grant]} rest
     */
    request(name, ...rest) {
      if (rest.length == 2) return settled(rest[1]({ name }));
      heldLocks.add(name);
      rest[0]({ name });
      return never;
    },
    query: () => settled({ held: [...heldLocks].map((name) => ({ name })) }),
  };
  const address = new URL("https://shop.example/boots/");
  const globals = {
    Window: class {
      /** @param {unknown} value */
      static [Symbol.hasInstance](value) {
        return value == globalThis;
      }
    },
    IntersectionObserver: class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
    addEventListener: target.addEventListener.bind(target),
    document: Object.assign(new EventTarget(), { hidden: false, referrer: "", title: "Boots" }),
    location: address,
    history: {},
    navigator: { language: "en", locks },
    matchMedia: () => ({ matches: false }),
    screen: { width: 1200, height: 800 },
    localStorage,
    sessionStorage: new StubStorage(),
    crypto: {
      /** @param {Uint8Array} array */
      getRandomValues(array) {
        for (let at = 0; at < array.length; at += 1) array[at] = chance.whole(0, 255);
        return array;
      },
    },
    queueMicrotask: (/** @type {() => void} */ task) => void microtasks.push(task),
    requestIdleCallback: (/** @type {() => void} */ task) => void idle.push(task),
    setTimeout: (/** @type {() => void} */ call, /** @type {number} */ ms) => (
      timers.set((timerId += 1), { at: page.now + ms, call }),
      timerId
    ),
    clearTimeout: (/** @type {number} */ id) => void timers.delete(id),
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  Date.now = () => page.now;
  return page;
};

/**
 * The engine as the page has it, and its memory.
 *
 * @returns {Promise<Loaded>}
 */
export const loadEngine = async () => {
  const glue = await import(pathToFileURL(join(root, "pkg/tailorbird.js")).href);
  const { memory } = glue.initSync({
    module: await readFile(process.env.WASM ?? join(root, "dist/tailorbird_bg.wasm")),
  });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["www/loader/plain.ts"],
    bundle: true,
    write: false,
    format: "esm",
  });
  const { plain } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
  return { Engine: glue.Engine, memoryBytes: () => memory.buffer.byteLength, plain };
};

/** An engine at work on a page with all slots of its config, which are shown as soon as they are decided. */
export class Visit {
  #controller = new AbortController();

  /**
   * @param {Loaded} loaded
   * @param {unknown} config
   * @param {StubPage} page
   */
  constructor({ Engine, plain }, config, page) {
    this.page = page;
    this.plain = plain;
    // Node takes more than ten listeners for a mistake.
    setMaxListeners(0, this.#controller.signal);
    const { signal } = this.#controller;
    /** @type {EngineHost} */
    const host = {
      target: document,
      signal,
      guard:
        (entry) =>
        (...given) =>
          signal.aborted ? undefined : entry(...given),
      plain,
      patchMethod: () => false,
      listened: () => {},
      touched: () => {},
      show: ({ slot, variant }) => this.engine.slotApplied(slot, variant),
      revert() {},
      prompt() {},
      preview() {},
      redirect() {},
      restart() {},
      rank() {},
      speculate() {},
    };
    /** @type {Engine} */
    this.engine = new Engine(config, host, { dataLayer: "dataLayer", namespace: "", debug: false });
    this.engine.start([{ personalize: true }]);
    this.engine.slotsPresent(this.engine.slots().map(({ id }) => id));
    this.engine.ready();
  }

  /**
   * What `tailorbird.track` does.
   *
   * @param {string} name
   * @param {unknown} params
   */
  track(name, params) {
    this.engine.track(name, this.plain(params) ?? {});
  }

  end() {
    this.page.leave();
    this.#controller.abort();
    this.engine.stop();
    this.engine.free();
  }
}
