// Items in prompts: what lies in the basket, what was looked at, recommendations, as cards or by the site's own template.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { SiteSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#2b6"/></svg>`;
const WORDS = { title: "Keep your basket?", accept: "Keep it", decline: "No thanks" };
const FORMS = ["modal", "sheet", "slide-in", "inline"];

const CATALOG = [
  { item_id: "b-7", item_name: "Ridge boots <b>", price: 129, url: "/boots/ridge", image: "/art.svg" },
  { item_id: "t-1", item_name: "Linnet tent", price: 319.5, url: "/tents/linnet", image: "/broken.svg" },
  { item_id: "s-1", item_name: "Wool socks" },
  { item_id: "x-1", item_name: "Lamp", price: 9, url: "javascript:window.ran=1", image: "javascript:window.ran=1" },
  { item_id: "n-1", price: 1, url: "/nameless" },
];

/**
 * A page with prompts that show the basket.
 *
 * @param {readonly object[]} prompts
 * @param {SiteSpec} [more]
 * @returns {SiteSpec}
 */
const page = (prompts, more = {}) => ({
  lang: "en",
  config: {
    version: 1,
    site: { currency: "EUR", prompts: { perView: 10, perSession: 100, perDay: 100, perWeek: 100 } },
    catalog: CATALOG,
    prompts: prompts.map((prompt) => ({ on: { call: true }, caps: { perSession: 9, perDay: 9 }, ...prompt })),
  },
  tag: { "data-consent": "granted" },
  body: `<main><h1>Boots</h1></main><div data-tb-slot="aside" style="min-height: 500px"></div>`,
  before: [[clock, START, false]],
  files: {
    "/art.svg": { body: SVG, type: "image/svg+xml" },
    "/broken.svg": { body: "no picture", type: "image/svg+xml" },
  },
  ...more,
});

/**
 * Puts these into the basket and asks for a prompt.
 *
 * @param {Tab} tab
 * @param {string} prompt
 * @param {readonly string[]} ids
 */
const call = async (tab, prompt, ids) => {
  await tab.announced("ready");
  await tab.evaluate(
    (id, basket) => {
      window.tailorbird.track("view_cart", { items: basket.map((item_id) => ({ item_id, price: 1, quantity: 1 })) });
      window.clock.advance(10_000);
      window.tailorbird.prompt(id);
    },
    prompt,
    ids,
  );
};

/** @param {Tab} tab */
const standing = (tab) =>
  tab.until(() => {
    const panel = document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("dialog");
    return panel && getComputedStyle(panel).opacity === "1" && panel.getAnimations().length === 0;
  });

/** Runs in the page: the cards of the open prompt. */
const cards = () => {
  const root = document.querySelector("tailorbird-prompt")?.shadowRoot;
  const panel = /** @type {HTMLElement} */ (root?.getElementById("dialog"));
  const list = /** @type {HTMLElement} */ (root?.querySelector(".items"));
  return {
    cards: [...list.querySelectorAll(".item")].map((card) => ({
      name: card.querySelector(".item-name")?.textContent,
      price: card.querySelector(".item-price")?.textContent ?? "",
      href: card.getAttribute("href"),
      image: card.querySelector("img")?.getAttribute("src") ?? null,
    })),
    height: panel.getBoundingClientRect().height / innerHeight,
    sideways: panel.scrollWidth > panel.clientWidth + 1 || document.documentElement.scrollWidth > innerWidth,
    small: [...list.querySelectorAll("a")].filter((card) => card.getBoundingClientRect().height < 24).length,
  };
};

/** @param {Tab} tab */
const outcomes = async (tab) =>
  (await tab.announcements("prompt")).map(({ outcome }) => outcome).filter((outcome) => outcome !== "seen");

scene("a prompt shows what is in the basket, and an item leads to its page", async ({ site, open }) => {
  const shown = FORMS.map((form) => ({
    id: form,
    as: form,
    ...(form === "inline" ? { slot: "aside" } : {}),
    content: { ...WORDS, items: { kind: "basket" } },
  }));
  const pages = { "/boots/ridge": { body: "<h1>Ridge</h1>" } };
  const shop = site(page(shown, { pages }));
  const tab = await open();
  for (const [width, height, forms] of /** @type {const} */ ([
    [390, 844, ["sheet", "modal"]],
    [320, 568, ["sheet", "slide-in", "inline"]],
    [1000, 700, ["modal", "slide-in", "inline"]],
  ])) {
    await tab.viewport(width, height);
    for (const form of forms) {
      const where = `${form} at ${width}`;
      await tab.goto(shop.url());
      await call(tab, form, ["n-1", "x-1", "s-1", "t-1", "b-7", "unknown"]);
      await standing(tab);
      // A picture that cannot be loaded goes.
      await tab.until(
        () => document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelectorAll("img").length === 1,
      );
      const found = await tab.evaluate(cards);
      assert.deepEqual(
        found.cards.map(({ price, ...card }) => ({ ...card, price: price.replace(/[^\d.,]/g, "") })),
        [
          { name: "Ridge boots <b>", href: "/boots/ridge", image: "/art.svg", price: "129.00" },
          { name: "Linnet tent", href: "/tents/linnet", image: null, price: "319.50" },
          { name: "Wool socks", href: null, image: null, price: "" },
        ],
        where,
      );
      assert.deepEqual({ sideways: found.sideways, small: found.small }, { sideways: false, small: 0 }, where);
      if (form === "sheet") assert.ok(found.height <= 0.305, `${where}: ${found.height} of the height`);
      assert.deepEqual(await violations(tab, "tailorbird-prompt"), [], where);
      await tab.picture(`items-${form}-${width}`);
    }
  }
  const at = await tab.until(() => {
    const card = document.querySelector("tailorbird-prompt")?.shadowRoot?.querySelector("a.item");
    card?.scrollIntoView({ block: "nearest", behavior: "instant" });
    const box = card?.getBoundingClientRect();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await tab.press(at.x, at.y);
  await tab.until(() => location.pathname === "/boots/ridge" && document.querySelector("h1")?.textContent === "Ridge");
  await tab.announced("ready");
  const counted = JSON.stringify(await tab.evaluate(() => window.tailorbird.export().prompts));
  assert.match(counted, /"prompt":"inline"[^{}]*"accepted":1/, "following an item is a yes");
});

scene("an address of an item that runs leads nowhere", async ({ site, open }) => {
  const content = { ...WORDS, items: { kind: "basket", count: 6 } };
  const tab = await open(site(page([{ id: "basket", content }])).url());
  await call(tab, "basket", ["n-1", "x-1"]);
  await standing(tab);
  const { cards: found } = await tab.evaluate(cards);
  assert.deepEqual(
    found.map(({ name, href, image }) => ({ name, href, image })),
    [{ name: "Lamp", href: null, image: null }],
  );
  assert.equal(await tab.evaluate(() => Reflect.get(window, "ran")), undefined);
});

scene(
  "a prompt whose items have no name is not shown, and the developer is told",
  { said: [/prompt "basket" is not shown: none of its items has an item_name/] },
  async ({ site, open }) => {
    const tab = await open(site(page([{ id: "basket", content: { ...WORDS, items: { kind: "basket" } } }])).url());
    await call(tab, "basket", ["n-1"]);
    await tab.until(() => window.seen.events.some(({ detail }) => detail.outcome === "failed"));
    assert.deepEqual(await outcomes(tab), ["failed"]);
  },
);

const OWN = `<template id="own"><h2>Yours</h2><ul><template data-tb-item><li><a href="{{ url }}">{{ item_name }}</a>
  {{ price | currency }}</li></template></ul><button data-tb-answer="accept">Yes</button>
  <button data-tb-answer="decline">No</button></template>`;

scene(
  "the site's own template has one for its items, and one without a value for it is left out",
  async ({ site, open }) => {
    const content = { by: "template", template: "#own", title: "Yours", items: { kind: "basket" } };
    const tab = await open(site(page([{ id: "own", content }], { body: `<main><h1>Boots</h1></main>${OWN}` })).url());
    await call(tab, "own", ["s-1", "t-1", "b-7"]);
    await standing(tab);
    const items = await tab.evaluate(() =>
      [...document.querySelectorAll("tailorbird-prompt li")].map((item) => [
        item.querySelector("a")?.getAttribute("href"),
        item.querySelector("a")?.textContent,
      ]),
    );
    assert.deepEqual(items, [
      ["/boots/ridge", "Ridge boots <b>"],
      ["/tents/linnet", "Linnet tent"],
    ]);
    assert.equal(await tab.evaluate(() => document.querySelectorAll("tailorbird-prompt template").length), 0);
    assert.deepEqual(await violations(tab, "tailorbird-prompt"), []);
  },
);
