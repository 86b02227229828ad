// Every method with everything that JavaScript can hand over: nothing is thrown at the page, and the
// engine goes on.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, config, looks, queued, tracked } from "./outdoor.mjs";

const { scene } = await rig();

const granted = { "data-consent": "granted" };
const experiments = {
  features: { colour: { defaultValue: "green", rules: [{ condition: { plan: "pro" }, force: "red" }] } },
};
// Of a bad argument the console may say something.
const loud = { said: [/^tailorbird/] };

/**
 * Runs in the page: calls each method with each of these arguments in each place. Answers what was
 * thrown, what promises rejected with, and how many calls there were.
 *
 * @param {string[]} methods
 */
const callEverything = async (methods) => {
  const trap = () => {
    throw new Error("trapped");
  };
  /** @param {string[]} names */
  const getters = (...names) =>
    Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { enumerable: true, get: trap }])));
  const revoked = (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })();
  const revokedList = (() => {
    const { proxy, revoke } = Proxy.revocable(/** @type {unknown[]} */ ([]), {});
    revoke();
    return proxy;
  })();
  const handlers = ["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf", "set", "defineProperty"];
  const circle = {};
  circle.circle = circle;
  /** @typedef {Deep[]} Deep */
  /** @type {Deep} */
  const deepList = [];
  for (let at = 0, inner = deepList; at < 3_000; at += 1) {
    inner.push([]);
    [inner] = inner;
  }
  const wild = () => [
    undefined,
    null,
    0,
    -0,
    NaN,
    Infinity,
    1e300,
    10n,
    "",
    "x",
    "\ud800",
    "hero\u0000",
    true,
    false,
    Symbol("s"),
    Symbol.iterator,
    () => 1,
    async () => 1,
    function* generator() {},
    class {},
    [],
    [null],
    {},
    new Date(NaN),
    /x/g,
    new Map([[1, 2]]),
    new Set([1]),
    new WeakMap(),
    new Error("e"),
    new Proxy({}, {}),
    revoked,
    revokedList,
    ...handlers.map((name) => new Proxy({ items: [{ item_id: "a" }] }, { [name]: trap })),
    ...handlers.map((name) => new Proxy([], { [name]: trap })),
    new Proxy(() => 1, { apply: trap, get: trap }),
    getters("attributes"),
    getters("peek"),
    getters("items"),
    getters("personalize"),
    getters("measure"),
    getters("passphrase"),
    getters("toString"),
    getters("toJSON"),
    getters("then"),
    getters("length"),
    getters("0"),
    { toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap },
    { toJSON: trap },
    { then: trap },
    { [Symbol.iterator]: trap },
    { length: 2 ** 32 },
    { length: -1 },
    { length: 3, 0: "track", 1: "view_item", 2: getters("items") },
    Object.create(null),
    Object.freeze({ personalize: null }),
    Object.create({ personalize: false }),
    circle,
    deepList,
    { attributes: null },
    { attributes: 7 },
    { attributes: getters("plan") },
    { attributes: { plan: 10n } },
    { attributes: { plan: circle } },
    { peek: {} },
    { items: [getters("item_id", "price")] },
    { items: [{ item_id: 10n, price: 10n }] },
    { items: new Proxy([], { get: trap }) },
    { value: { valueOf: trap } },
    { passphrase: null },
    { passphrase: trap },
    document,
    document.body,
    window,
    globalThis.crypto,
    new Uint8Array(9),
    new ArrayBuffer(8),
    new Blob(["x"]),
    Array.from({ length: 2_000 }, (_, at) => at),
    "y".repeat(200_000),
  ];
  /** @type {string[]} */
  const thrown = [];
  /** @type {string[]} */
  const rejected = [];
  /** @type {Promise<unknown>[]} */
  const waiting = [];
  let calls = 0;
  /** @type {(name: string, ...given: unknown[]) => void} */
  const attempt = (name, ...given) => {
    calls += 1;
    try {
      const engine = /** @type {{ [method: string]: (...given: unknown[]) => unknown }} */ (
        /** @type {unknown} */ (window.tailorbird)
      );
      const answer = engine[name](...given);
      if (answer instanceof Promise) {
        waiting.push(
          answer.catch((reason) => {
            let text = "a reason that is no text";
            try {
              text = String(reason);
            } catch {
              // It stays what it is.
            }
            rejected.push(`${name}: ${text}`);
          }),
        );
      }
      if (typeof answer === "function") answer();
    } catch (error) {
      thrown.push(`${name}: ${error}`);
    }
  };
  for (const name of methods) {
    attempt(name);
    for (const value of wild()) {
      attempt(name, value);
      attempt(name, value, value);
      const first = {
        track: "view_item",
        push: ["track", "view_item"],
        decide: "hero",
        peek: "hero",
        explain: "hero",
        feature: "colour",
        on: "decision",
        forget: "category:boots",
        correct: "category:boots",
        import: "{}",
      }[name];
      if (first !== undefined) attempt(name, first, value);
      if (name === "push") {
        for (const method of [
          "track",
          "attributes",
          "consent",
          "forget",
          "correct",
          "pause",
          "on",
          "stop",
          "decide",
          "constructor",
          "__proto__",
        ])
          attempt(name, [method, value, value]);
      }
    }
    // Some hundred a second are taken; the rest is counted and dropped.
    await new Promise((resolve) => setTimeout(resolve));
  }
  await Promise.race([Promise.all(waiting), new Promise((resolve) => setTimeout(resolve, 20_000))]);
  return { thrown, rejected, calls };
};

const METHODS = [
  "track",
  "attributes",
  "decide",
  "peek",
  "explain",
  "prompt",
  "feature",
  "profile",
  "report",
  "export",
  "forget",
  "correct",
  "on",
  "ready",
  "push",
  "import",
];

scene(
  "no call of any method ends the engine or throws at the page, whatever it is given",
  { ...loud, timeout: 120_000 },
  async ({ site, open }) => {
    const shop = site({ config: config({ experiments }), body, tag: granted, before: [[queued, looks("boots")]] });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const { thrown, rejected, calls } = await tab.evaluate(callEverything, METHODS);
    assert.deepEqual(thrown, []);
    assert.deepEqual(rejected, []);
    assert.ok(calls > 1_500, `${calls}`);
    assert.deepEqual(await tab.announcements("unavailable"), []);
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    await pause(1_100);
    await tab.evaluate(tracked, looks("tents", 40));
    await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
    assert.equal(
      await tab.evaluate(() => window.tailorbird.feature("colour", { attributes: { plan: "pro" } }).value),
      "red",
    );
  },
);

scene("nor does consent, pause or erase, and after a plain yes events are kept", loud, async ({ site, open }) => {
  const shop = site({ config: config(), body });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const { thrown, rejected } = await tab.evaluate(callEverything, ["consent", "pause", "erase"]);
  assert.deepEqual([thrown, rejected], [[], []]);
  assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: true }));
  await tab.evaluate(tracked, looks("boots"));
  await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.")));
});

scene("nor does what is given to stop, nor any call after it", loud, async ({ site, open }) => {
  const shop = site({ config: config({ experiments }), body, tag: granted });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const { thrown, rejected } = await tab.evaluate(callEverything, [
    "stop",
    ...METHODS,
    "consent",
    "pause",
    "erase",
    "stop",
  ]);
  assert.deepEqual([thrown, rejected], [[], []]);
  assert.equal(await tab.evaluate(() => window.tailorbird.available), false);
});

scene(
  "the queue takes anything before the engine has loaded, and what is right in it counts",
  loud,
  async ({ site, open }) => {
    const wild = () => {
      const trap = () => {
        throw new Error("trapped");
      };
      const { proxy, revoke } = Proxy.revocable([], {});
      revoke();
      /** @type {unknown[]} */
      const queue = [
        null,
        undefined,
        7,
        "track",
        {},
        [],
        [null],
        proxy,
        new Proxy([], { get: trap }),
        [
          "track",
          "view_item",
          {
            get items() {
              return trap();
            },
          },
        ],
        ["feature", "colour", null],
        ["consent", new Proxy({}, { ownKeys: trap })],
      ];
      // @ts-expect-error: before the tag has run it is the queue
      window.tailorbird = queue;
    };
    const shop = site({ config: config(), body, before: [wild, [queued, looks("boots")]] });
    const tab = await open(shop.url());
    assert.equal((await tab.announced("decision")).variant, "boots");
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
  },
);

scene("start takes anything as well, and never rejects", loud, async ({ site, open }) => {
  const shop = site({
    body: `${body}<script type="module" src="/main.js"></script>`,
    tag: false,
    files: {
      "/main.js": {
        type: "text/javascript",
        body: `import {start} from "/index.js";
          const trap = () => { throw new Error("trapped"); };
          const {proxy, revoke} = Proxy.revocable({}, {});
          revoke();
          const circle = {};
          circle.circle = circle;
          const wild = [null, 7, "x", [], Symbol("s"), () => 1, proxy, new Proxy({}, {get: trap}), new Proxy({}, {ownKeys: trap}), {get config() { return trap(); }}, {get consent() { return trap(); }},
            {config: null}, {config: 7}, {config: 10n}, {config: () => 1}, {config: Symbol("s")}, {config: circle}, {config: {toJSON: trap}}, {config: {version: 1, get slots() { return trap(); }}}, {config: proxy},
            {attributes: null}, {attributes: proxy}, {attributes: new Proxy({}, {get: trap, ownKeys: trap})}, {consent: {}}, {consent: "yes"}, {dataLayer: 7}, {dataLayer: Symbol("s")}, {namespace: {}}, {namespace: Symbol("s")}, {wait: proxy}, {debug: proxy}];
          const failed = [];
          for (const [at, options] of wild.entries()) {
            try {
              const promise = start(options);
              const tailorbird = await promise;
              if (typeof tailorbird.available !== "boolean") failed.push([at, "no object"]);
              tailorbird.track("view_item");
              tailorbird.stop();
            } catch (error) {
              failed.push([at, String(error)]);
            }
          }
          window.answer = {failed};`,
      },
    },
  });
  const tab = await open(shop.url());
  assert.deepEqual((await tab.until(() => window.answer)).failed, []);
});
