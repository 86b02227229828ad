// Recommendations in the page: which items a visitor sees, what is loaded for that and when, and what is left where the
// site model is missing, broken or blocked.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";

/** @import { Answer, SceneTools, SiteSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

const CHUNK = "/tailorbird-recommend.js";
const MODEL = "/shop.tbm";

/**
 * @param {string} id
 * @param {string} name
 * @param {number} price
 */
const boots = (id, name, price) => ({
  item_id: id,
  item_name: name,
  item_category: "boots",
  item_brand: "Fell",
  price,
  url: `/boots/${id}`,
});
const CATALOG = [
  boots("b-1", "Ridge <Mid>", 149),
  boots("b-2", "Gill Low", 119),
  boots("b-3", "Moor High", 189),
  { ...boots("t-1", "Two-person tent", 319), item_category: "tents", item_brand: "Brae", popularity: 0.9 },
  { ...boots("t-2", "Tarp", 98), item_category: "tents", item_brand: "Brae", in_stock: false },
];

/** A config with one shelf; `more` goes on top. */
const config = (shelf = {}, more = {}) => ({
  version: 1,
  site: { currency: "EUR" },
  catalog: CATALOG,
  slots: [{ id: "also", choose: [{ by: "recommend", count: 2, ...shelf }] }],
  ...more,
});

const body = `<section data-tb-slot="also"><h2>For you</h2><ul><li>Sent</li><li>Sent as well</li>
<template data-tb-item><li><a href="{{ url }}">{{ item_name }}</a> {{ price | currency }}<i>{{ because_name | default("") }}</i></li></template></ul></section>`;

/** A chunk that knows by heart what the model says, and writes down what it was asked. */
const knowing = (/** @type {object[]} */ items) => ({
  type: "text/javascript",
  body: `export const open = async (bytes) => {
    window.opened = (window.opened ?? []).concat(bytes.length);
    return { damaged: [], prepare: async () => {}, rank: (request) => { (window.asked ??= []).push(request); return ${JSON.stringify(items)}; } };
  };`,
});
const RANKED = [
  { id: "t-2", score: 3, because: "b-1" },
  { id: "b-3", score: 2, because: "b-1" },
  { id: "t-1", score: 1, because: null },
];
const BYTES = { type: "application/octet-stream", body: "a model" };

/** Runs in the page before the tag: products that the visitor has looked at. */
const seen = (/** @type {string[]} */ ...ids) => {
  window.tailorbird = window.tailorbird || [];
  for (const id of ids) {
    const [kind] = id.split("-");
    const category = kind === "b" ? "boots" : "tents";
    window.tailorbird.push([
      "track",
      "view_item",
      { items: [{ item_id: id, item_category: category, item_brand: "Fell" }] },
    ]);
  }
};

/** Runs in the page: the texts of what is seen in the shelf. */
const texts = () =>
  [...document.querySelectorAll("section li")]
    .filter((item) => item.getClientRects().length > 0)
    .map((item) => item.textContent?.replace(/\u00a0/g, " "));
const slotHtml = () => document.querySelector("section")?.outerHTML;

const SENT = ["Sent", "Sent as well"];
/** What is shown by what the catalog says alone. */
const ALIKE = ["Gill Low €119.00Ridge <Mid>", "Moor High €189.00Ridge <Mid>"];

/**
 * @param {SceneTools} tools
 * @param {Partial<SiteSpec>} [more]
 */
const opened = async ({ site, open }, more = {}) => {
  const shop = site({ config: config(), body, before: [[seen, "b-1"]], tag: { "data-consent": "granted" }, ...more });
  const tab = await open(shop.url());
  await tab.started();
  return { shop, tab };
};

/**
 * @param {Tab} tab
 * @param {readonly string[]} wanted
 */
const shows = async (tab, wanted) => {
  await tab
    .until(
      (wanted, texts) => JSON.stringify(Function(`return (${texts})()`)()) === wanted,
      JSON.stringify(wanted),
      `${texts}`,
    )
    .catch(async () => assert.deepEqual(await tab.evaluate(texts), wanted));
};

/** @type {(tab: Tab) => Promise<any>} */
const asked = (tab) => tab.evaluate(() => Reflect.get(window, "asked") ?? []);

scene("what the catalog says is enough for a shelf, and nothing more is loaded for it", async (tools) => {
  const { shop, tab } = await opened(tools);
  await shows(tab, ALIKE);
  const { applied, variant, level, reasons } = await tab.announced("decision");
  assert.deepEqual([applied, variant, level], [true, "for-you", "personalized"]);
  assert.match(reasons.join(), /for-you: Gill Low \(because of Ridge <Mid>\)/);
  assert.deepEqual(
    shop.engineRequests().filter((path) => path !== "/tailorbird-prompt.js"),
    ["/tailorbird.js", "/tailorbird.json"],
  );
  await tab.evaluate(() => window.tailorbird.stop());
  assert.deepEqual(await tab.evaluate(texts), SENT);
});

scene("stop() puts the page back to the letter", async (tools) => {
  /** Before the engine runs. */
  const noted = () => {
    document.addEventListener("DOMContentLoaded", () => {
      Reflect.set(window, "sent", document.querySelector("section")?.outerHTML);
    });
  };
  const { tab } = await opened(tools, { before: [noted, [seen, "b-1"]] });
  await tab.announced("decision");
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(slotHtml), await tab.evaluate(() => Reflect.get(window, "sent")));
});

scene("the site model is loaded when it is first asked, once, and what it says comes first", async (tools) => {
  const slots = ["for-you", "similar"].map((kind) => ({
    id: kind,
    choose: [{ by: "recommend", count: 2, kind, diversity: 0 }],
  }));
  const { shop, tab } = await opened(tools, {
    config: config({}, { model: MODEL, slots }),
    body: body.replaceAll("also", "for-you"),
    files: { [CHUNK]: knowing(RANKED), [MODEL]: BYTES },
    before: [],
  });
  await pause(300);
  const requested = () => shop.requests.filter(({ path }) => path === CHUNK || path === MODEL).map(({ path }) => path);
  assert.deepEqual(requested(), [], "nobody has asked");
  assert.deepEqual(await tab.evaluate(texts), SENT);
  await tab.evaluate(seen, "b-1");
  // What cannot be had is not offered, whatever the model says.
  await shows(tab, ["Moor High €189.00Ridge <Mid>", "Two-person tent €319.00"]);
  const more = await tab.evaluate(() => window.tailorbird.recommend({ kind: "similar", count: 1, diversity: 0 }));
  assert.deepEqual(
    more.map(({ id, because, reason, item }) => [id, because, reason, item.item_name, item.because_name]),
    [["b-3", "b-1", "because of Ridge <Mid>", "Moor High", "Ridge <Mid>"]],
  );
  assert.deepEqual(requested().sort(), [MODEL, CHUNK].sort());
  assert.deepEqual(await tab.evaluate(() => Reflect.get(window, "opened")), [BYTES.body.length]);
  assert.deepEqual(
    (await asked(tab)).map((/** @type {{ kind: string, history: string[] }} */ { kind, history }) => [kind, history]),
    [
      ["for-you", ["b-1"]],
      ["similar", ["b-1"]],
    ],
    "it is told ids and nothing else",
  );
});

/** @type {{ [what: string]: { files?: { [path: string]: Answer }, csp?: string, says: RegExp } }} */
const WITHOUT = {
  "that is missing": {
    files: { [CHUNK]: knowing(RANKED), [MODEL]: { status: 404, type: "text/plain", body: "not here" } },
    says: /^tailorbird: the site model is not used: could not load \/shop\.tbm \(404\)$/,
  },
  "whose chunk is missing": {
    files: { [CHUNK]: { status: 404, type: "text/plain", body: "not here" }, [MODEL]: BYTES },
    says: /^tailorbird: the site model is not used: /,
  },
  "that is something else": {
    files: { [MODEL]: { type: "text/html", body: "<!doctype html><title>Sign in</title>" } },
    says: /^tailorbird: the site model is not used: \/shop\.tbm is no site model$/,
  },
  "that is too large": {
    files: { [CHUNK]: knowing(RANKED), [MODEL]: { type: "application/octet-stream", body: "0".repeat(2_000_001) } },
    says: /^tailorbird: the site model is not used: \/shop\.tbm is too long, expected at most 2,000,000 bytes$/,
  },
  "that the page's policy blocks": {
    files: { [CHUNK]: knowing(RANKED), [MODEL]: BYTES },
    csp: "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'",
    says: /^tailorbird: the site model is not used: could not load \/shop\.tbm: no answer, or not allowed by connect-src or CORS$/,
  },
  "whose chunk fails when it is asked": {
    files: {
      [CHUNK]: {
        type: "text/javascript",
        body: `export const open = async () => ({ damaged: [], prepare: async () => {}, rank: () => { throw new WebAssembly.RuntimeError("unreachable"); } });`,
      },
      [MODEL]: BYTES,
    },
    says: /^tailorbird: the site model is not used: unreachable$/,
  },
};
for (const [what, { says, ...more }] of Object.entries(WITHOUT)) {
  const byBrowser =
    /404|Failed to load|Loading|module|Content.Security.Policy|connect-src|blocked|Cannot load|not found/i;
  scene(
    `without a model ${what} the catalog decides, and one warning says why`,
    { said: [says, byBrowser] },
    async (tools) => {
      const { tab } = await opened(tools, { config: config({}, { model: MODEL }), inline: !!more.csp, ...more });
      await shows(tab, ALIKE);
      const again = await tab.evaluate(() => window.tailorbird.recommend({ kind: "popular", count: 1 }));
      assert.deepEqual(
        again.map(({ id }) => id),
        ["t-1"],
      );
      // Told once it is clear that the visitor is not just leaving.
      await pause(700);
      const heard = (await tab.heard()).filter(({ text }) => text.startsWith("tailorbird: "));
      assert.equal(heard.length, 1);
      assert.match(String(heard[0]?.text), says);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    },
  );
}

scene("with consent unknown a shelf is filled from memory and nothing is stored", async (tools) => {
  const { tab } = await opened(tools, { tag: {} });
  await shows(tab, ALIKE);
  assert.deepEqual(await tab.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage))), []);
});

scene("with consent denied the page keeps its own list, and no model is loaded", async (tools) => {
  const { shop, tab } = await opened(tools, {
    tag: { "data-consent": "denied" },
    config: config({}, { model: MODEL }),
    files: { [CHUNK]: knowing(RANKED), [MODEL]: BYTES },
  });
  await pause(300);
  assert.deepEqual(await tab.evaluate(texts), SENT);
  assert.deepEqual(
    shop.requests.filter(({ path }) => path === CHUNK || path === MODEL),
    [],
  );
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.recommend()), []);
});

scene(
  "an item of a hostile catalog is text, and leads nowhere that runs",
  { said: [/item "b-[23]" is left out: /, /^tailorbird (->|[a-z])/] },
  async (tools) => {
    const catalog = [
      CATALOG[0],
      { ...boots("b-2", "Bad", 1), url: "javascript:document.title='run'" },
      { ...boots("b-3", "<img src=x onerror=document.title='run'>{{ price }}", 1), url: "https://other.example/b-3" },
      { ...boots("b-4", "<img src=x onerror=document.title='run'>", 2), url: "https://other.example/b-4" },
    ];
    const { tab } = await opened(tools, {
      config: config({ count: 4, diversity: 0 }, { catalog }),
      tag: { "data-consent": "granted", "data-debug": true },
    });
    await tab.announced("decision");
    const links = await tab.evaluate(() =>
      [...document.querySelectorAll("section li a")].map((link) => [link.getAttribute("href"), link.textContent]),
    );
    assert.deepEqual(links, [["https://other.example/b-4", "<img src=x onerror=document.title='run'>"]]);
    assert.equal(await tab.evaluate(() => document.title), "A shop");
  },
);

scene(
  "recommend() never rejects: bad options are none, with a warning, and after stop() there is nothing",
  { said: [/^tailorbird: recommend\(/] },
  async (tools) => {
    const { tab } = await opened(tools);
    const wrong = await tab.evaluate(() =>
      Promise.all([
        window.tailorbird.recommend({ kind: /** @type {any} */ ("simmilar") }),
        window.tailorbird.recommend({ count: 0 }),
        window.tailorbird.recommend(/** @type {any} */ ({ filter: {} })),
      ]),
    );
    assert.deepEqual(wrong, [[], [], []]);
    const none = await tab.evaluate(() => window.tailorbird.recommend(/** @type {any} */ (null)));
    assert.ok(none.length > 0, "what is no object counts as no options");
    const heard = (await tab.heard()).filter(({ text }) => /recommend\(/.test(text));
    assert.equal(heard.length, 4);
    await tab.evaluate(() => window.tailorbird.stop());
    assert.deepEqual(await tab.evaluate(() => window.tailorbird.recommend()), []);
  },
);
