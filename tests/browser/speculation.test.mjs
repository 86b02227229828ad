// Pages that are loaded ahead: which links count, what the browser is told, and when nothing is.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { pageModel } from "./page_model.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { PageSpec, SceneTools, SiteSpec, Step, Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const MODEL = "/site.tbm";
const CHUNK = "/tailorbird-recommend.js";

/** After the front page: boots for about two of five, tents for a quarter, stoves for a sixth. */
const WAYS = {
  "/": { "/boots": 0.42, "/tents": 0.25, "/stoves": 0.18, "/rare": 0.04 },
  "/boots": { "/": 0.3, "/boots/b-7": 0.5 },
};
const NAV = `<nav><a href="/rare">Rare</a> <a href="/stoves">Stoves</a> <a href="/tents#sale">Tents</a>
<a href="/boots">Boots</a> <a href="/boots">Boots again</a> <a href="/elsewhere">Elsewhere</a></nav>`;

const config = (speculation = {}) => ({
  version: 1,
  model: MODEL,
  speculation: { prefetch: 2, prerender: 1, ...speculation },
});

/** @type {PageSpec} */
const plainPage = { tag: false, body: "<p>A page</p>" };
const PAGES = Object.fromEntries(
  ["/boots", "/tents", "/stoves", "/rare", "/boots/b-7", "/boots?size=42"].map((path) => [path, plainPage]),
);

/** Runs in the page: what it has put into itself, as paths. */
const ahead = () => {
  const rules = [...document.querySelectorAll("script[type=speculationrules]")];
  const links = [...document.querySelectorAll("link[rel=prefetch]")].map((link) => String(Reflect.get(link, "href")));
  /** @type {(url: string) => string} */
  const path = (url) =>
    url.startsWith(`${location.origin}/`) ? url.slice(location.origin.length) : `elsewhere: ${url}`;
  /** @type {(kind: string) => string[]} */
  const urls = (kind) =>
    rules.flatMap(({ textContent }) =>
      (JSON.parse(String(textContent))[kind] ?? []).flatMap((/** @type {{ urls: string[] }} */ { urls }) => urls),
    );
  return {
    elements: rules.length + links.length,
    prefetch: [...urls("prefetch"), ...links].map(path),
    prerender: urls("prerender").map(path),
  };
};
/** Runs in the page: what the browser can be told. */
const canBeTold = () => {
  if (HTMLScriptElement.supports("speculationrules")) return "rules";
  return document.createElement("link").relList.supports("prefetch") ? "links" : "nothing";
};

/**
 * The front page of a shop whose model knows the way on, once the engine has started.
 *
 * @param {SceneTools} tools
 * @param {Partial<SiteSpec> & { ways?: Parameters<typeof pageModel>[0], after?: Parameters<typeof pageModel>[1] }} [more]
 */
const opened = async ({ site, open }, { ways = WAYS, after, files, pages, ...more } = {}) => {
  const shop = site({
    config: config(),
    body: NAV,
    tag: { "data-consent": "granted" },
    pages: { ...PAGES, ...pages },
    files: { [MODEL]: { type: "application/octet-stream", body: pageModel(ways, after) }, ...files },
    ...more,
  });
  const tab = await open(shop.url());
  await tab.started();
  return { shop, tab };
};

/** @param {{ shop: import("./rig/types.js").Site }} opened */
const loaded = ({ shop }) => shop.requests.filter(({ path }) => path === MODEL || path === CHUNK).length;

/**
 * Waits until these pages, and no others, are loaded ahead, as far as the browser can do that.
 *
 * @param {Tab} tab
 * @param {{ prefetch: string[], prerender?: string[] }} wanted
 */
const loadsAhead = async (tab, { prefetch, prerender = [] }) => {
  const way = await tab.evaluate(canBeTold);
  const wanted = {
    prefetch: way === "nothing" ? [] : prefetch,
    prerender: way === "rules" ? prerender : [],
  };
  const found = async () => {
    const { prefetch, prerender } = await tab.evaluate(ahead);
    return { prefetch, prerender };
  };
  for (let tries = 0; tries < 50; tries += 1) {
    if (JSON.stringify(await found()) === JSON.stringify(wanted)) break;
    await pause(100);
  }
  assert.deepEqual(await found(), wanted);
};

/**
 * Nothing is loaded ahead, though the model was asked or would have been by now.
 *
 * @param {{ shop: import("./rig/types.js").Site, tab: Tab }} opened
 * @param {boolean} isAsked
 */
const loadsNothing = async (opened, isAsked) => {
  if (isAsked) for (let tries = 0; tries < 50 && loaded(opened) < 2; tries += 1) await pause(100);
  await pause(400);
  assert.equal(loaded(opened), isAsked ? 2 : 0, "chunk and model");
  assert.equal((await opened.tab.evaluate(ahead)).elements, 0);
};

scene("of the pages that the model expects, the likeliest with a link are loaded ahead", async (tools) => {
  const { shop, tab } = await opened(tools);
  await loadsAhead(tab, { prefetch: ["/boots", "/tents"], prerender: ["/boots"] });
  const way = await tab.evaluate(canBeTold);
  assert.ok(browser !== "chromium" || way === "rules", "this browser knows speculation rules");
  assert.ok((await tab.evaluate(ahead)).elements <= 2, "one script, or a link each");
  if (way !== "nothing") {
    const fetched = () => shop.requests.map(({ path }) => path).filter((path) => path in PAGES);
    for (let tries = 0; tries < 50 && fetched().length < 2; tries += 1) await pause(100);
    assert.deepEqual(fetched().sort(), ["/boots", "/tents"], "and the browser fetches them");
  }
});

scene("without the section nothing is loaded ahead, and no model is loaded for it", async (tools) => {
  const { shop, tab } = await opened(tools, { config: { version: 1, model: MODEL } });
  await loadsNothing({ shop, tab }, false);
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.export().pages), []);
});

scene("nothing is loaded ahead before a yes, and with a no it is taken back", async (tools) => {
  const { shop, tab } = await opened(tools, { tag: {} });
  await loadsNothing({ shop, tab }, false);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: "session" }));
  await loadsAhead(tab, { prefetch: ["/boots", "/tents"], prerender: ["/boots"] });
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  await loadsAhead(tab, { prefetch: [], prerender: [] });
});

scene("where consent is denied nothing is loaded ahead", async (tools) => {
  const { shop, tab } = await opened(tools, { tag: { "data-consent": "denied" } });
  await loadsNothing({ shop, tab }, false);
});

/** Runs in the page before the tag: a connection as the browser would tell of it. */
const connection = (/** @type {object} */ told) => {
  Object.defineProperty(navigator, "connection", { configurable: true, value: told });
};
/** Runs in the page before the tag: what the visitor has told the browser of data, in browsers that know that. */
const reducedData = () => {
  const original = window.matchMedia.bind(window);
  window.matchMedia = (query) =>
    /** @type {MediaQueryList} */ (/prefers-reduced-data/.test(query) ? { matches: true } : original(query));
};

/** @type {{ [who: string]: Step }} */
const SAVERS = { "saves data": [connection, { saveData: true }], "prefers less data": [reducedData] };
for (const [who, step] of Object.entries(SAVERS)) {
  scene(`for a visitor who ${who} nothing is loaded, the model included`, async (tools) => {
    await loadsNothing(await opened(tools, { before: [step] }), false);
  });
}

/** @type {{ [connection: string]: string[] }} */
const CONNECTIONS = { "4g": ["/boots", "/tents"], "3g": ["/boots"], "2g": [], "slow-2g": [] };
for (const [effectiveType, prefetch] of Object.entries(CONNECTIONS)) {
  scene(`on ${effectiveType} a page must be likely enough for it`, async (tools) => {
    const { tab } = await opened(tools, { before: [[connection, { effectiveType }]] });
    await tab.until(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith(".tbm")));
    await pause(300);
    await loadsAhead(tab, { prefetch, prerender: prefetch.slice(0, 1) });
  });
}

/** What stands in the page; the model expects `/boots` and everything else that is named here. */
const LEFT_ALONE = {
  "a link that opens elsewhere": `<a href="/boots" target="_blank">Boots</a>`,
  "a download": `<a href="/boots" download>Boots</a>`,
  "a link that search engines are not to follow": `<a href="/boots" rel="noopener NoFollow">Boots</a>`,
  "a link to another origin": `<a href="http://other.example/boots">Boots</a>`,
  "a link that the site marks": `<a href="/boots" data-tb-no-speculation>Boots</a>`,
  "a link in a part that the site marks": `<nav data-tb-no-speculation><a href="/boots">Boots</a></nav>`,
  "a link in a part that is sensitive": `<nav data-tb-sensitive><a href="/boots">Boots</a></nav>`,
  "a link by which a framework sends something else": `<a href="/boots" data-method="delete">Boots</a>`,
  "a link that stands for a button": `<a href="/boots" role="button">Boots</a>`,
  "a link with a query that the model does not know": `<a href="/boots?colour=red">Boots</a>`,
  "a link to the page itself": `<a href="/#top">Top</a>`,
  "a page without a link": `<p>Nothing to follow</p>`,
  "a page that the visitor would leave with": `<a href="/logout">Log out</a> <a href="/de/Log-Out/all">Log out</a>`,
  "a basket": `<a href="/basket">Basket</a> <a href="/cart/add">Add</a> <a href="/add-to-cart/b-7">Add</a>`,
  "a page that ends something": `<a href="/unsubscribe.php">No more letters</a> <a href="/list/7/delete">Delete</a>`,
};
const EXPECTED = ["/", "/boots", "/logout", "/de/Log-Out/all", "/basket", "/cart/add", "/add-to-cart/b-7"];
const ALL = [...EXPECTED, "/unsubscribe.php", "/list/7/delete"];
const EVERYTHING = { "/": Object.fromEntries(ALL.map((page) => [page, 0.1])) };
for (const [what, body] of Object.entries(LEFT_ALONE)) {
  scene(`${what} is left alone`, async (tools) => {
    await loadsNothing(await opened(tools, { body, ways: EVERYTHING, config: config({ min: 0 }) }), true);
  });
}

scene("a page with a query is loaded ahead where the model knows it so", async (tools) => {
  const { tab } = await opened(tools, {
    body: `<a href="/boots?size=42">Boots</a>`,
    ways: { "/": { "/boots?size=42": 0.5 } },
  });
  await loadsAhead(tab, { prefetch: ["/boots?size=42"], prerender: ["/boots?size=42"] });
});

scene("a path that begins like another host is a page of this one", async (tools) => {
  const odd = "//other.example/boots";
  const { tab } = await opened(tools, {
    body: `<a href="/.${odd}">Boots</a>`,
    ways: { "/": { [odd]: 0.5 } },
    pages: { [odd]: plainPage },
  });
  await loadsAhead(tab, { prefetch: [odd], prerender: [odd] });
});

/** What visitors look at right after the boots b-1, and where that is. */
const AFTER = { "b-1": { "b-2": 0.5, "b-3": 0.4, "b-4": 0.4, "b-5": 0.4, "b-6": 0.4, "b-7": 0.1 } };
const CATALOG = [
  { item_id: "b-1", url: "/boots/b-1" },
  { item_id: "b-2", url: "/boots/b-2" },
  { item_id: "b-3", url: "/boots/b-3" },
  { item_id: "b-4", url: "http://other.example/boots" },
  { item_id: "b-5", url: "http://[" },
  { item_id: "b-6" },
  { item_id: "b-7", url: "/boots" },
];
const ITEM_PAGES = Object.fromEntries(["/boots/b-1", "/boots/b-2", "/boots/b-3"].map((path) => [path, plainPage]));
/** Runs in the page: it is about this item. */
const isAbout = (/** @type {string} */ id) => {
  window.tailorbird = window.tailorbird || [];
  window.tailorbird.push(["track", "view_item", { items: [{ item_id: id }] }]);
};

scene(
  "on a page about an item, links to items that follow it count beside pages that follow the page",
  async (tools) => {
    // The page of b-3 has no link; the boots follow the page with 0.42, and b-1 as b-7 with 0.1.
    const { tab } = await opened(tools, {
      body: `${NAV}<a href="/boots/b-2">Gill</a> <a href="http://other.example/boots">Elsewhere</a>`,
      config: { ...config(), catalog: CATALOG },
      after: AFTER,
      pages: ITEM_PAGES,
      before: [[isAbout, "b-1"]],
    });
    await loadsAhead(tab, { prefetch: ["/boots/b-2", "/boots"], prerender: ["/boots/b-2"] });
  },
);

scene(
  "an item that the page names later counts from then on, and an item below the least probability never",
  async (tools) => {
    const { tab } = await opened(tools, {
      body: `<a href="/boots/b-2">Gill</a> <a href="/boots">Boots</a>`,
      config: { ...config({ min: 0.45 }), catalog: CATALOG },
      ways: { "/": { "/tents": 0.9 } },
      after: AFTER,
      pages: ITEM_PAGES,
    });
    await tab.until(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith(".tbm")));
    await loadsAhead(tab, { prefetch: [], prerender: [] });
    await tab.evaluate(isAbout, "b-1");
    await loadsAhead(tab, { prefetch: ["/boots/b-2"], prerender: ["/boots/b-2"] });
    await tab.evaluate(isAbout, "b-6");
    await loadsAhead(tab, { prefetch: [], prerender: [] });
  },
);

scene("the next page view of an application asks anew, and stop() leaves nothing", async (tools) => {
  const { tab } = await opened(tools, { config: config({ prerender: 0 }) });
  await loadsAhead(tab, { prefetch: ["/boots", "/tents"] });
  await tab.evaluate(() => {
    history.pushState({}, "", "/boots");
    const nav = /** @type {Element} */ (document.querySelector("nav"));
    nav.innerHTML = `<a href="/boots/b-7">Ridge</a> <a href="/tents">Tents</a> <a href="/boots">Boots</a>`;
  });
  await loadsAhead(tab, { prefetch: ["/boots/b-7"] });
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.export().pages), ["/", "/boots"]);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal((await tab.evaluate(ahead)).elements, 0);
});

scene("a page that hydrates is left as it is until it is ready", async (tools) => {
  const { shop, tab } = await opened(tools, { tag: { "data-consent": "granted", "data-wait": "hydration" } });
  await loadsNothing({ shop, tab }, false);
  await tab.evaluate(() => window.tailorbird.ready());
  await loadsAhead(tab, { prefetch: ["/boots", "/tents"], prerender: ["/boots"] });
});

scene("from a page on which nothing is to be seen nothing is loaded ahead, and its path is not kept", async (tools) => {
  const { shop, tab } = await opened(tools, {
    body: `${NAV}<form><input type="password" autocomplete="off" aria-label="Password"></form>`,
  });
  await loadsNothing({ shop, tab }, false);
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.export().pages), []);
});

scene("a model of something else than pages expects none, and nothing is said", async (tools) => {
  await loadsNothing(await opened(tools, { ways: {} }), true);
});

// Only here rules are a script to the policy.
if (browser === "chromium") {
  const script = "script-src 'self' 'wasm-unsafe-eval'";

  scene("a policy that allows rules inline is enough for them", async (tools) => {
    const { tab } = await opened(tools, { csp: `${script} 'inline-speculation-rules'` });
    await loadsAhead(tab, { prefetch: ["/boots", "/tents"], prerender: ["/boots"] });
  });

  scene("a page is rendered ahead once the visitor points at its link", async (tools) => {
    /** Runs in the page that is rendered ahead. */
    const leaveWord = () => {
      if (Reflect.get(document, "prerendering") === true) localStorage.setItem("rendered", location.pathname);
    };
    const { tab } = await opened(tools, { pages: { "/boots": { ...plainPage, before: [leaveWord] } } });
    await loadsAhead(tab, { prefetch: ["/boots", "/tents"], prerender: ["/boots"] });
    await pause(300);
    // What is rendered ahead of a tab that is not in front waits.
    await tab.front();
    await tab.ownViewport?.();
    const rendered = () => tab.evaluate(() => localStorage.getItem("rendered"));
    assert.equal(await rendered(), null, "nobody has pointed at it");
    const at = await tab.evaluate(() => {
      const { x, y } = /** @type {Element} */ (document.querySelector("a[href='/boots']")).getBoundingClientRect();
      return { x: x + 4, y: y + 4 };
    });
    await tab.move(at.x, at.y);
    for (let tries = 0; tries < 50 && (await rendered()) === null; tries += 1) await pause(100);
    assert.equal(await rendered(), "/boots");
  });

  /** @type {{ [what: string]: string }} */
  const FORBIDDEN = {
    "that forbids them": script,
    "that wants trusted types": `${script} 'inline-speculation-rules'; require-trusted-types-for 'script'`,
  };
  for (const [what, csp] of Object.entries(FORBIDDEN)) {
    const byBrowser = /inline speculation rules|Content Security Policy|TrustedScript/i;
    scene(`a policy ${what} costs the rules and nothing else`, { said: [byBrowser] }, async (tools) => {
      const { shop, tab } = await opened(tools, { csp });
      await tab.until(() => document.querySelector("script[type=speculationrules]"));
      await pause(400);
      assert.equal(shop.requests.filter(({ path }) => path in PAGES).length, 0, "nothing is fetched");
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    });
  }
}
