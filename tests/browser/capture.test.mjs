// What is captured without code of the site, from where; and what never is.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";

/** @import { PageSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

/** Markup is read two seconds after a page view, and automatic events wait as long: both, and some more. */
const LATER = 3_500;

const granted = { "data-consent": "granted" };
const plain = { config: { version: 1 }, tag: granted };

/** Runs in the page: how often each event happened. */
const events = () => window.tailorbird.profile?.().attributes.session.events;
/** Runs in the page: its interests. */
const interests = () => window.tailorbird.profile().attributes.interest.category ?? {};

/**
 * Runs in the page: whether these events happened so often, and no others.
 *
 * @param {{ [name: string]: number }} wanted
 */
const happened = (wanted) => {
  const found = window.tailorbird.profile?.().attributes.session.events ?? {};
  const text = (/** @type {{ [name: string]: number }} */ of) => JSON.stringify(Object.entries(of).sort());
  return text(found) === text(wanted);
};

/**
 * @param {Tab} tab
 * @param {{ [name: string]: number }} wanted
 * @param {string} why
 */
const expectEvents = async (tab, wanted, why) => {
  await tab.until(happened, wanted).catch(async () => assert.deepEqual(await tab.evaluate(events), wanted, why));
};

/**
 * Waits for what is not to come.
 *
 * @param {Tab} tab
 */
const nothing = async (tab) => {
  await pause(LATER);
  assert.deepEqual(await tab.evaluate(events), {});
};

const boots = {
  "@context": "https://schema.org",
  "@type": "Product",
  name: "Kirkstone",
  sku: "b-7",
  category: "boots",
  offers: { "@type": "Offer", price: "129.00", priceCurrency: "EUR" },
};
const tents = { ...boots, name: "Lodge", sku: "t-1", category: "tents" };

/** @param {unknown} data */
const jsonLd = (data) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`;

const microdata = `<main itemscope itemtype="https://schema.org/Product">
<h1 itemprop="name">Kirkstone</h1><meta itemprop="sku" content="b-7"><span itemprop="category">boots</span>
<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
<meta itemprop="price" content="129.00"><meta itemprop="priceCurrency" content="EUR"><span itemprop="name">Offer</span>
</div></main>`;

const openGraph = `<meta property="og:type" content="product"><meta property="og:title" content="Kirkstone">
<meta property="product:retailer_item_id" content="b-7"><meta property="product:category" content="boots">`;

/** @type {[name: string, page: PageSpec][]} */
const described = [
  ["JSON-LD", { head: jsonLd(boots) }],
  ["microdata", { body: microdata }],
  ["Open Graph", { head: openGraph }],
];

for (const [name, page] of described) {
  scene(`a product that the page describes in ${name} is looked at, without code`, async ({ site, open }) => {
    const tab = await open(site({ ...plain, body: "<p>Boots</p>", ...page }).url());
    await tab.started();
    await expectEvents(tab, { view_item: 1 }, name);
    assert.deepEqual(Object.keys(await tab.evaluate(interests)), ["boots"]);
  });
}

scene("a product that the site reports itself is not counted twice", async ({ site, open }) => {
  /** Runs in the page: the site's own tag manager, a second after the page was loaded. */
  const ownTag = () => {
    setTimeout(() => {
      (window.dataLayer ||= []).push({ event: "view_item", ecommerce: { items: [{ item_id: "b-7" }] } });
    }, 1_000);
  };
  const tab = await open(site({ ...plain, head: jsonLd(boots), before: [ownTag] }).url());
  await tab.started();
  await pause(LATER);
  assert.deepEqual(await tab.evaluate(events), { view_item: 1 });
});

scene("markup that is no JSON, too long or sensitive is not read", async ({ site, open }) => {
  const head = `<script type="application/ld+json">{"@type": "Product", </script>
    ${jsonLd({ ...boots, description: "x".repeat(65_000) })}`;
  const body = `<div data-tb-sensitive>${jsonLd(boots)}${microdata}</div>`;
  const tab = await open(site({ ...plain, head, body }).url());
  await tab.started();
  await nothing(tab);
});

scene("on a single-page application each page view has a product of its own", async ({ site, open }) => {
  const tab = await open(site({ ...plain, head: jsonLd(boots), body: "<p>Boots</p>" }).url());
  await tab.started();
  await expectEvents(tab, { view_item: 1 }, "the first page");
  await tab.evaluate(() => history.pushState(null, "", "/basket"));
  await pause(LATER);
  assert.deepEqual(await tab.evaluate(events), { view_item: 1 }, "what the page before left behind");
  await tab.evaluate((markup) => {
    history.pushState(null, "", "/tents");
    /** @type {Element} */ (document.querySelector('script[type="application/ld+json"]')).textContent = markup;
  }, JSON.stringify(tents));
  await expectEvents(tab, { view_item: 2 }, "another product");
  assert.deepEqual(Object.keys(await tab.evaluate(interests)).sort(), ["boots", "tents"]);
});

/** Runs in the page: links lead nowhere, as in a page that handles them itself. */
const staying = () => document.addEventListener("click", (event) => event.preventDefault());

scene("links to other sites and to files count, and clicks in vain", async ({ site, open }) => {
  const body = `<p><a id="out" href="https://fell.example/path?mail=jo@example.com">Fell</a></p>
    <p><a id="file" href="/guide.pdf">Guide</a></p><p><a id="within" href="/boots">Boots</a></p>
    <p><button id="button" type="button">More</button></p>
    <div id="dead" style="width: 200px; height: 100px; background: silver"></div>`;
  const tab = await open(site({ ...plain, body, before: [staying] }).url());
  await tab.started();
  for (const id of ["out", "file", "within"]) await tab.click(`#${id}`);
  for (const id of ["button", "button", "button", "dead", "dead"]) await tab.click(`#${id}`);
  await expectEvents(tab, { click: 1, file_download: 1 }, "two clicks are not in vain");
  for (const id of ["dead", "dead", "dead", "dead"]) await tab.click(`#${id}`);
  await expectEvents(tab, { click: 1, file_download: 1, rage_click: 1 }, "three are, and count once");
  const stored = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, window.tailorbird.export()]));
  assert.doesNotMatch(stored, /fell\.example|jo@|guide/, "no address is kept");
});

/** Runs in the page: writes down every reading of what is in a field. */
const watchValues = () => {
  window.answer = 0;
  for (const owner of [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement]) {
    for (const name of ["value", "valueAsNumber", "valueAsDate", "checked", "selectedOptions", "files"]) {
      const own = Object.getOwnPropertyDescriptor(owner.prototype, name);
      if (!own?.get) continue;
      const { get } = own;
      Object.defineProperty(owner.prototype, name, {
        ...own,
        get() {
          window.answer += 1;
          return get.call(this);
        },
      });
    }
  }
  const Own = window.FormData;
  window.FormData = class extends Own {
    constructor() {
      super();
      window.answer += 1;
    }
  };
};

const forms = `<form id="letter"><input id="name" name="name"><button>Send</button></form>
  <form id="other"><textarea id="text"></textarea></form>
  <form role="search"><input id="q"></form>`;

/** Runs in the page: forms are sent by script. */
const sentByScript = () => document.addEventListener("submit", (event) => event.preventDefault());

scene("a form is begun, sent or abandoned, and no value is ever read", async ({ site, open }) => {
  const shop = site({ ...plain, body: forms, before: [watchValues, sentByScript] });
  const tab = await open(shop.url());
  await tab.started();
  for (const [id, text] of [
    ["name", "Jo Secret"],
    ["text", "My secret"],
    ["q", "secret boots"],
  ]) {
    await tab.click(`#${id}`);
    await tab.type(text);
  }
  await expectEvents(tab, { form_start: 2 }, "each once, and a search is no form");
  await tab.click("#letter button");
  await expectEvents(tab, { form_start: 2, form_submit: 1 }, "one is sent");
  await tab.evaluate(() => history.pushState(null, "", "/elsewhere"));
  await expectEvents(tab, { form_start: 2, form_submit: 1, form_abandon: 1 }, "the other is left");
  assert.equal(await tab.evaluate(() => window.answer), 0, "values that were read");
  const stored = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, window.tailorbird.export()]));
  assert.doesNotMatch(stored, /secret/i);
});

scene("a form whose fields hide its own methods does no harm", async ({ site, open }) => {
  const names = ["matches", "closest", "getAttribute", "hasAttribute", "localName", "querySelector", "id", "name"];
  const fields = names.map((name) => `<input id="field-${name}" name="${name}">`).join("");
  const body = `<form id="odd">${fields}<button>Send</button></form><form id="fine"><input id="fine-field"></form>`;
  const tab = await open(site({ ...plain, body, before: [sentByScript] }).url());
  await tab.started();
  await tab.click("#field-matches");
  await tab.type("a");
  await tab.click("#odd button");
  await tab.click("#fine-field");
  await tab.type("a");
  await tab.until(() => window.tailorbird.profile().attributes.session.events.form_start >= 1);
  assert.deepEqual(await tab.announcements("unavailable"), []);
});

const tall = `<div style="height: 8000px">Long</div>`;

scene("how far down visitors scroll counts, each step once", async ({ site, open }) => {
  const tab = await open(site({ ...plain, body: tall }).url());
  await tab.started();
  await tab.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight * 0.55));
  await expectEvents(tab, { scroll: 2 }, "25 and 50");
  await tab.evaluate(() => window.scrollTo(0, 0));
  await tab.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expectEvents(tab, { scroll: 4 }, "75 and 90");
});

/** A second of silence, which every browser can play. */
const silence = (() => {
  const rate = 8_000;
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + rate, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(rate, 40);
  return Buffer.concat([header, Buffer.alloc(rate, 128)]);
})();

/**
 * Runs in the page: plays a video to its end.
 *
 * @param {string} selector
 */
const play = async (selector) => {
  const video = /** @type {HTMLVideoElement} */ (document.querySelector(selector));
  video.muted = true;
  const ended = new Promise((resolve) => video.addEventListener("ended", resolve, { once: true }));
  await video.play();
  await ended;
};

scene("a video that is played counts, and one that is decoration does not", async ({ site, open }) => {
  const body = `<video id="film" src="/silence.wav" preload="auto"></video>
    <video id="background" src="/silence.wav" autoplay muted></video>
    <div data-tb-sensitive><video id="private" src="/silence.wav" preload="auto"></video></div>`;
  const shop = site({ ...plain, body, files: { "/silence.wav": { body: silence, type: "audio/wav" } } });
  const tab = await open(shop.url());
  await tab.started();
  await tab.evaluate(play, "#private");
  await tab.evaluate(play, "#film");
  await expectEvents(tab, { video_start: 1, video_progress: 4, video_complete: 1 }, "from start to end");
});

scene("a search of the site counts by the address, and its words are not kept", async ({ site, open }) => {
  const tab = await open(site({ ...plain, body: "<p>Found</p>" }).url("/?q=waterproof+boots"));
  await tab.started();
  await expectEvents(tab, { view_search_results: 1 }, "a search");
  const stored = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, window.tailorbird.export()]));
  assert.doesNotMatch(stored, /waterproof/);
});

/**
 * Runs in the page: does whatever would be captured.
 *
 * @param {Tab} tab
 */
const doEverything = async (tab) => {
  await tab.click("#out");
  for (let i = 0; i < 4; i += 1) await tab.click("#dead");
  await tab.click("#name");
  await tab.type("Jo");
  await tab.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
};
const everything = `<p><a id="out" href="https://fell.example/">Fell</a></p>
  <form id="letter"><input id="name" name="name"></form>
  <div id="dead" style="width: 200px; height: 100px; background: silver"></div>`;

const login = `<form><input autocomplete="username"><input type="password" autocomplete="current-password"></form>`;

/** @type {[why: string, page: PageSpec][]} */
const sensitive = [
  ["with a field for a password", { body: `${everything}${login}${tall}` }],
  ["with a field for a card", { body: `${everything}<input autocomplete="billing cc-number">${tall}` }],
  [
    "that is marked as a whole",
    {
      body: `${everything}${tall}`,
      before: [staying, () => document.documentElement.setAttribute("data-tb-sensitive", "")],
    },
  ],
];
for (const [why, page] of sensitive) {
  scene(`of a page ${why} nothing is captured`, async ({ site, open }) => {
    const tab = await open(site({ ...plain, head: jsonLd(boots), before: [staying], ...page }).url("/?q=boots"));
    await tab.started();
    await doEverything(tab);
    await nothing(tab);
  });
}

scene("of a part that is marked as sensitive nothing is captured, of the rest everything", async ({ site, open }) => {
  const body = `<section data-tb-sensitive>${everything}</section><p><a id="file" href="/guide.pdf">Guide</a></p>
    <dialog>${login}</dialog>`;
  const tab = await open(site({ ...plain, body, before: [staying] }).url());
  await tab.started();
  await doEverything(tab);
  await tab.click("#file");
  await expectEvents(tab, { file_download: 1 }, "a dialog that is closed hides nothing");
});

scene("a site switches sources off", async ({ site, open }) => {
  const off = { catalog: false, scroll: false, video: false, forms: false, search: false, clicks: false };
  const page = { ...plain, config: { version: 1, capture: off }, head: jsonLd(boots), body: everything + tall };
  const tab = await open(site({ ...page, before: [staying] }).url("/?q=boots"));
  await tab.started();
  await doEverything(tab);
  await nothing(tab);
});

/** Runs in the page: Segment's snippet, a list in which calls wait. */
const snippet = () => {
  const waiting = /** @type {any} */ ([]);
  waiting.track = (/** @type {unknown[]} */ ...given) => waiting.push(["track", ...given]);
  waiting.identify = (/** @type {unknown[]} */ ...given) => waiting.push(["identify", ...given]);
  window.app = { tracked: [] };
  Reflect.set(window, "analytics", waiting);
  waiting.identify("jo", { name: "Jo Secret" });
  waiting.track("Product Viewed", { product_id: "b-7", category: "boots", price: 129 });
};

/** Runs in the page: Segment has loaded, and makes the calls that wait. */
const segmentLoads = () => {
  const waiting = Reflect.get(window, "analytics");
  class Analytics {
    /** @param {unknown[]} given */
    track(...given) {
      window.app.tracked.push(given[0]);
      return Promise.resolve("sent");
    }
    identify() {}
  }
  const loaded = new Analytics();
  Reflect.set(window, "analytics", loaded);
  for (const [method, ...given] of waiting) Reflect.get(loaded, method).apply(loaded, given);
};

/**
 * Runs in the page.
 *
 * @param {string} name
 * @param {object} properties
 */
const segmentTrack = (name, properties) => Reflect.get(window, "analytics").track(name, properties);

scene("events that the site sends to Segment count, before it has loaded and after", async ({ site, open }) => {
  const tab = await open(site({ ...plain, body: "<p>Boots</p>", before: [snippet] }).url());
  await tab.started();
  await expectEvents(tab, { view_item: 1 }, "a call that waits");
  await tab.evaluate(segmentTrack, "Product Added", { product_id: "b-7", price: 129 });
  await expectEvents(tab, { view_item: 1, add_to_cart: 1 }, "a call after the engine has started");
  await tab.evaluate(segmentLoads);
  await pause(1_500);
  assert.equal(await tab.evaluate(segmentTrack, "Plan Changed", { plan: "pro" }), "sent", "Segment's own answer");
  await expectEvents(tab, { view_item: 1, add_to_cart: 1, plan_changed: 1 }, "a call after Segment has loaded");
  assert.deepEqual(await tab.evaluate(() => window.app.tracked), ["Product Viewed", "Product Added", "Plan Changed"]);
  assert.equal(await tab.evaluate(() => window.tailorbird.profile().attributes.cart.quantity), 1);
  const stored = await tab.evaluate(() => JSON.stringify([{ ...localStorage }, window.tailorbird.export()]));
  assert.doesNotMatch(stored, /Jo Secret/, "who it is stays Segment's");
  await tab.evaluate(() => {
    const replaced = Reflect.get(window, "analytics").track;
    window.tailorbird.stop();
    window.answer = replaced !== Reflect.get(window, "analytics").track;
  });
  assert.ok(await tab.evaluate(() => window.answer), "the method is the page's own again");
});

scene("an event that the site sends to Segment and to its data layer counts once", async ({ site, open }) => {
  const tab = await open(site({ ...plain, body: "<p>Boots</p>", before: [snippet, segmentLoads] }).url());
  await tab.started();
  for (let i = 0; i < 2; i += 1) {
    await tab.evaluate(segmentTrack, "Product Added", { product_id: `b-${i}`, price: 129 });
    await tab.evaluate(
      (id) => (window.dataLayer ||= []).push({ event: "add_to_cart", ecommerce: { items: [{ item_id: id }] } }),
      `b-${i}`,
    );
  }
  await expectEvents(tab, { add_to_cart: 2 }, "of whoever was first");
});
