// Pages with libraries that change what JavaScript brings, with globals nobody can replace and with data
// layers of strange shapes.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, config, looks, queued, SENT, TENTS, tracked } from "./outdoor.mjs";

const { scene } = await rig();

const granted = { "data-consent": "granted" };

/** As MooTools 1.6 and prototype.js 1.7 change the platform. */
const LIBRARIES = {
  MooTools: () => {
    const { slice } = Array.prototype;
    // No iterators and no second argument.
    Array.from = function from(/** @type {any} */ item) {
      if (item === null || item === undefined) return [];
      return typeof item === "object" && "length" in item ? (Array.isArray(item) ? item : slice.call(item)) : [item];
    };
    Object.defineProperty(Array.prototype, "clean", {
      enumerable: true,
      configurable: true,
      writable: true,
      value() {
        return this.filter((/** @type {unknown} */ item) => item !== undefined);
      },
    });
    Object.assign(Array.prototype, { each: Array.prototype.forEach });
    const texts = /** @type {{ [method: string]: unknown }} */ (/** @type {unknown} */ (String.prototype));
    /** @type {(this: string, text: string, separator?: string) => boolean} */
    texts.contains = function contains(text, separator) {
      return (separator ? separator + this + separator : String(this)).indexOf(text) > -1;
    };
    const functions = /** @type {{ [method: string]: unknown }} */ (/** @type {unknown} */ (Function.prototype));
    /** @type {(this: { [key: string]: unknown }, key: string, value: unknown) => unknown} */
    functions.extend = function extend(key, value) {
      this[key] = value;
      return this;
    };
    Object.keys = (object) => {
      const keys = [];
      for (const key in object) if (Object.prototype.hasOwnProperty.call(object, key)) keys.push(key);
      return keys;
    };
  },
  "prototype.js": () => {
    const lists = /** @type {{ [method: string]: (this: any, ...given: any[]) => unknown }} */ (
      /** @type {unknown} */ (Array.prototype)
    );
    const texts = /** @type {{ [method: string]: unknown }} */ (/** @type {unknown} */ (String.prototype));
    /** @param {any} iterable */
    const $A = (iterable) => {
      if (!iterable) return [];
      if ("toArray" in Object(iterable)) return iterable.toArray();
      let length = iterable.length || 0;
      const results = new Array(length);
      while (length--) results[length] = iterable[length];
      return results;
    };
    Array.from = $A;
    lists.toJSON = function toJSON() {
      return `[${this.map((/** @type {unknown} */ item) => JSON.stringify(item)).join(", ")}]`;
    };
    lists.toArray = function toArray() {
      return this.slice();
    };
    lists.reverse = function reverse(inline) {
      return (inline === false ? this.slice() : this)._reverse();
    };
    lists._reverse = function _reverse() {
      for (let low = 0, high = this.length - 1; low < high; low += 1, high -= 1)
        [this[low], this[high]] = [this[high], this[low]];
      return this;
    };
    texts.toJSON = function toJSON() {
      return `"${this}"`;
    };
    document.getElementsByClassName = (name) => $A(document.querySelectorAll(`.${name}`));
    Object.assign(window, { $A, $: (/** @type {string} */ id) => document.getElementById(id) });
  },
};

for (const [library, change] of Object.entries(LIBRARIES)) {
  scene(`on a page with ${library} the visit is personalized and kept under our own keys`, async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: granted, before: [change, [queued, looks("boots")]] });
    const tab = await open(shop.url());
    assert.equal((await tab.announced("decision")).variant, "boots");
    assert.equal(await tab.text("h1"), BOOTS);
    const keys = await tab.until(
      () =>
        localStorage.length > 0 &&
        Array.prototype.map.call(Array(localStorage.length).fill(0), (_, at) => localStorage.key(at)),
    );
    for (const key of keys) assert.match(String(key), /^tailorbird\.(v1|e|d|t\.[0-9a-f]{16})$/);
    await tab.goto(shop.url());
    await tab.announced("decision");
    await tab.until(() => window.tailorbird.profile().attributes.visitor.events.view_item === 6);
    await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
    await tab.until(() => localStorage.length === 0);
  });
}

scene(
  "a window.tailorbird that nobody can replace is left alone, and what was queued in it counts",
  { said: [/^tailorbird: window\.tailorbird/] },
  async ({ site, open }) => {
    /** @type {(events: ReturnType<typeof looks>, frozen: boolean) => void} */
    const fixed = (events, frozen) => {
      const queue = events.map(([name, params]) => ["track", name, params]);
      Object.defineProperty(window, "tailorbird", {
        value: frozen ? Object.freeze(queue) : queue,
        writable: false,
        configurable: false,
      });
    };
    for (const frozen of [false, true]) {
      const shop = site({ config: config(), body, before: [[fixed, looks("boots"), frozen]] });
      const tab = await open(shop.url());
      assert.equal((await tab.announced("decision")).variant, "boots");
      assert.equal(await tab.text("h1"), BOOTS);
      await tab.close();
    }
    const throwing = () => {
      Object.defineProperty(window, "tailorbird", {
        configurable: false,
        get: () => {
          throw new Error("trapped");
        },
        set: () => {
          throw new Error("trapped");
        },
      });
    };
    const shop = site({ config: config(), body, before: [throwing] });
    const tab = await open(shop.url());
    await tab.started();
    assert.equal(await tab.text("h1"), SENT);
  },
);

scene("a frozen data layer is read, and the engine goes on", async ({ site, open }) => {
  /** @param {[name: string, params?: object][]} events */
  const frozen = (events) => {
    // @ts-expect-error: nothing can be added
    window.dataLayer = Object.freeze(events.map(([event, ecommerce]) => ({ event, ecommerce })));
  };
  const shop = site({
    config: config({ measure: { dataLayer: true } }),
    body,
    tag: granted,
    before: [[frozen, looks("boots")]],
  });
  const tab = await open(shop.url());
  assert.equal((await tab.announced("decision")).variant, "boots");
  await pause(200);
  assert.deepEqual(await tab.announcements("unavailable"), []);
  assert.equal(await tab.evaluate(() => window.dataLayer.length), 3);
});

scene("a data layer as long as an array can be keeps nobody waiting", async ({ site, open }) => {
  /** @param {[name: string, params?: object][]} events */
  const long = (events) => {
    const layer = events.map(([event, ecommerce]) => ({ event, ecommerce }));
    layer.length = 2 ** 32 - 1;
    window.dataLayer = layer;
  };
  const shop = site({ config: config(), body, before: [[long, looks("boots")]] });
  const tab = await open();
  const from = Date.now();
  await tab.goto(shop.url());
  await tab.announced("ready");
  assert.ok(Date.now() - from < 4_000, `${Date.now() - from} ms`);
  assert.equal((await tab.announced("decision")).variant, "boots", "its first entries count");
  await tab.evaluate(tracked, looks("tents", 10));
  await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
});

scene(
  "a data layer that is no list, or throws when it is looked at, costs nothing but itself",
  async ({ site, open }) => {
    const layers = [
      () => {
        // @ts-expect-error: no list
        window.dataLayer = { push: () => 1 };
      },
      () => {
        window.dataLayer = new Proxy([], {
          get: () => {
            throw new Error("trapped");
          },
        });
      },
      () => {
        Object.defineProperty(window, "dataLayer", {
          get: () => {
            throw new Error("trapped");
          },
        });
      },
      () => {
        window.dataLayer = [
          null,
          7,
          "x",
          {
            get event() {
              throw new Error("trapped");
            },
          },
          Object.create(null),
          new Proxy(
            {},
            {
              ownKeys: () => {
                throw new Error("trapped");
              },
            },
          ),
        ];
      },
      () => {
        window.dataLayer = [];
        Object.defineProperty(window.dataLayer, "push", {
          value: Array.prototype.push,
          writable: false,
          configurable: false,
        });
      },
    ];
    for (const [at, layer] of layers.entries()) {
      const shop = site({
        config: config({ measure: { dataLayer: true } }),
        body,
        tag: granted,
        before: [layer, [queued, looks("boots")]],
      });
      const tab = await open(shop.url());
      assert.equal((await tab.announced("decision")).variant, "boots", `layer ${at}`);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true, `layer ${at}`);
      await tab.close();
    }
  },
);

/** Parts of the platform that a page has broken; each by itself. */
const BROKEN = [
  "Array.from",
  "Array.isArray",
  "Array.prototype.map",
  "Array.prototype.filter",
  "Array.prototype.push",
  "Array.prototype.forEach",
  "Array.prototype.slice",
  "Array.prototype.includes",
  "Object.entries",
  "Object.keys",
  "Object.assign",
  "Object.fromEntries",
  "Object.defineProperty",
  "JSON.parse",
  "JSON.stringify",
  "Map",
  "WeakMap",
  "WeakSet",
  "Set",
  "Symbol.for",
  "String.prototype.startsWith",
  "String.prototype.split",
  "RegExp.prototype.test",
  "Number.isInteger",
  "Math.floor",
  "Reflect.get",
  "Reflect.apply",
  "Proxy",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "CustomEvent",
  "MutationObserver",
  "IntersectionObserver",
  "AbortController",
  "queueMicrotask",
  "setTimeout",
  "requestIdleCallback",
  "matchMedia",
  "getComputedStyle",
  "crypto.getRandomValues",
  "WebAssembly.compile",
  "WebAssembly.instantiate",
  "scheduler.yield",
  "MessageChannel",
  "EventTarget.prototype.addEventListener",
  "Storage.prototype.getItem",
  "Storage.prototype.setItem",
  "navigator.locks.request",
  "history.pushState",
];

scene(
  "where a part of the platform is broken or missing nothing is thrown at the page, which is whole",
  { said: [/^tailorbird/], timeout: 120_000 },
  async ({ site, open }) => {
    /**
     * Runs in the page: the engine comes to a page that is there already, and meets what is spoiled.
     *
     * @param {string} where
     * @param {boolean} gone
     */
    const meet = async (where, gone) => {
      const names = where.split(".");
      const last = String(names.pop());
      /** @type {any} */
      let owner = window;
      for (const name of names) owner = owner?.[name];
      if (!owner) return { errors: [], heading: /** @type {HTMLElement} */ (document.querySelector("h1")).textContent };
      const script = document.createElement("script");
      script.src = "/tailorbird.js";
      script.dataset.config = "/tailorbird.json";
      script.dataset.consent = "granted";
      const after = window.setTimeout.bind(window);
      // The driver of WebKit, which runs in the page, has to be done with the call before anything is spoiled.
      await new Promise((resolve) => after(resolve, 0));
      const done = new Promise((resolve) => {
        script.onload = () => after(resolve, 60);
        script.onerror = resolve;
      });
      const { defineProperty, getOwnPropertyDescriptor } = Object;
      const before = getOwnPropertyDescriptor(owner, last);
      document.head.append(script);
      const value = gone
        ? undefined
        : function broken() {
            throw new Error(`${where} is broken`);
          };
      defineProperty(owner, last, { value, configurable: true, writable: true });
      await done;
      if (before) defineProperty(owner, last, before);
      else delete owner[last];
      return {
        errors: window.seen.said.filter(({ kind }) => kind === "exception" || kind === "error").map(({ text }) => text),
        heading: /** @type {HTMLElement} */ (document.querySelector("h1")).textContent,
      };
    };
    const shop = site({ config: config(), body, tag: false, before: [[queued, looks("boots")]] });
    const tab = await open();
    for (const where of BROKEN) {
      for (const gone of [false, true]) {
        await tab.goto(shop.url());
        const what = `${where} ${gone ? "is missing" : "is broken"}`;
        const { errors, heading } = await tab.evaluate(meet, where, gone).catch((error) => {
          throw new Error(`${what}: ${error.message}`);
        });
        assert.deepEqual(errors, [], what);
        assert.ok([SENT, BOOTS, TENTS].includes(heading), `${what}: ${heading}`);
      }
    }
  },
);

scene("where events are broken later no call throws at the page", { said: [/^tailorbird/] }, async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted, before: [[queued, looks("boots")]] });
  /**
   * Runs in the page.
   *
   * @param {string} where
   */
  const call = (where) => {
    const { tailorbird } = window;
    const off = tailorbird.on("decision", () => {});
    const names = where.split(".");
    const last = String(names.pop());
    /** @type {any} */
    let owner = window;
    for (const name of names) owner = owner[name];
    const before = Object.getOwnPropertyDescriptor(owner, last);
    Object.defineProperty(owner, last, {
      configurable: true,
      writable: true,
      value: () => {
        throw new Error(`${where} is broken`);
      },
    });
    try {
      off();
      tailorbird.on("decision", () => {})();
      tailorbird.push(["on", "segment", () => {}]);
      tailorbird.track("view_item", {});
      void tailorbird.consent({ personalize: "session" });
      tailorbird.erase();
      tailorbird.stop();
    } finally {
      Object.defineProperty(owner, last, /** @type {PropertyDescriptor} */ (before));
    }
    return document.querySelector("h1")?.textContent;
  };
  const broken = [
    "CustomEvent",
    "EventTarget.prototype.addEventListener",
    "EventTarget.prototype.removeEventListener",
    "EventTarget.prototype.dispatchEvent",
  ];
  const tab = await open();
  for (const where of broken) {
    await tab.goto(shop.url());
    await tab.announced("decision");
    assert.equal(await tab.evaluate(call, where), SENT, where);
  }
});
