// Items as the page shows them: copies of a template, in the place of the page's own list, whatever the catalog says.
// Which items those are, a test says itself.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { pageAloneScript } from "./page_alone.mjs";
import { rig } from "./rig/rig.mjs";
import { ROOT } from "./rig/site.mjs";

/** @import { SceneTools, Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

/** @typedef {{ [field: string]: string | number | boolean | null | readonly string[] }} Item */

const DOT = { type: "image/svg+xml", body: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>` };

/** @type {Item[]} */
const ITEMS = [
  { item_id: "b-1", item_name: "Ridge <Mid>", url: "/boots/ridge", image: "/ridge.svg" },
  { item_id: "b-2", item_name: 'Gill "Low"', url: "/boots/gill", image: "/gill.svg" },
];
const FILES = Object.fromEntries(["ridge", "gill", "sent"].map((name) => [`/${name}.svg`, DOT]));

/** With `loading`: where a script holds up the parser, Firefox looks ahead for pictures in templates as well. */
const CARD = `<li><a href="{{ url }}"><img src="{{ image }}" alt="" width="40" height="40" loading="lazy">{{ item_name }}</a></li>`;
/** @param {string} [card] */
const template = (card = CARD) => `<template data-tb-item>${card}</template>`;
const OWN = `<li><a href="/own"><img src="/sent.svg" alt="" width="40" height="40">Sent</a></li>`;
const list = `<ul>${OWN}${OWN}${template()}</ul>`;

/**
 * The page with these items in its slot.
 *
 * @param {SceneTools} tools
 * @param {string} inside
 * @param {{ items?: Item[], template?: string | null, selector?: string, beside?: string, files?: object }} [given]
 */
const shown = async (
  { site, open },
  inside,
  { items = ITEMS, template = null, selector = "", beside = "", files } = {},
) => {
  const shop = site({
    body: `<section data-tb-slot="also">${inside}</section>${beside}`,
    head: `<script src="/alone.js"></script>`,
    tag: false,
    files: {
      "/alone.js": { type: "text/javascript; charset=utf-8", body: await pageAloneScript() },
      ...FILES,
      ...files,
    },
  });
  const tab = await open(shop.url());
  const before = await tab.evaluate(slotHtml);
  await tab.evaluate(
    (change) => {
      window.page = window.pageAlone(["also"], { visitor: "Ann", elsewhere: "https://evil.example/x" }, true);
      window.page.show({ slot: "also", variant: "also", changes: [change] });
    },
    { kind: "items", path: "content.items", selector, template, items },
  );
  return { shop, tab, before };
};

/** What is reported at once; what may still come is reported when the page has settled. */
const report = (/** @type {Tab} */ tab) => tab.until(() => window.page.reports.also);
const slotHtml = () => document.querySelector("section")?.innerHTML;
/** Runs in the page: the texts of what is seen in the list. */
const texts = () =>
  [.../** @type {Element} */ (document.querySelector("section")).querySelectorAll("li, article")]
    .filter((item) => item.getClientRects().length > 0)
    .map((item) => item.textContent);

/**
 * @param {Tab} tab
 * @param {string | undefined} before
 */
const revertsTo = async (tab, before) => {
  await tab.evaluate(() => window.page.revert("also"));
  assert.equal(await tab.evaluate(slotHtml), before);
  assert.equal(await tab.evaluate(() => window.page.failed), null);
};

scene("items stand in the place of the page's own list, filled and in order, and go again", async (tools) => {
  const { tab, before } = await shown(tools, `<h2>For you</h2>${list}`);
  assert.equal(await report(tab), "applied");
  assert.deepEqual(await tab.evaluate(texts), ["Ridge <Mid>", 'Gill "Low"'], "what looks like markup is text");
  assert.equal(await tab.text("h2"), "For you");
  assert.deepEqual(
    await tab.evaluate(() =>
      [...document.querySelectorAll("li:not([style]) a")].map((link) => [
        link.getAttribute("href"),
        link.querySelector("img")?.getAttribute("src"),
      ]),
    ),
    [
      ["/boots/ridge", "/ridge.svg"],
      ["/boots/gill", "/gill.svg"],
    ],
  );
  assert.equal(await tab.evaluate(() => document.querySelector("ul")?.hasAttribute("role")), false);
  await revertsTo(tab, before);
  assert.deepEqual(await tab.evaluate(texts), ["Sent", "Sent"]);
});

scene("pictures are fetched when the visitor gets there, unless the template says otherwise", async (tools) => {
  const card = `<li><img src="/sent.svg" alt=""><img src="/sent.svg" alt="" loading="eager"></li>`;
  const { tab } = await shown(tools, `<ul>${template(card)}</ul>`, { items: ITEMS.slice(0, 1) });
  assert.equal(await report(tab), "applied");
  assert.deepEqual(await tab.evaluate(() => [...document.images].map(({ loading }) => loading)), ["lazy", "eager"]);
});

scene("what is no list element becomes a list for assistive technology, and is none afterwards", async (tools) => {
  const card = `<article>{{ item_name }}</article><article role="none">{{ item_id }}</article>`;
  const { tab, before } = await shown(tools, `<div><article>Sent</article>${template(card)}</div>`);
  assert.equal(await report(tab), "applied");
  assert.deepEqual(
    await tab.evaluate(() =>
      ["div", "article:not([style])", "article:not([style]) + article"].map((selector) =>
        document.querySelector(selector)?.getAttribute("role"),
      ),
    ),
    ["list", "listitem", "none"],
  );
  await revertsTo(tab, before);
});

scene("a role that the page has given its element stands, and its items get none", async (tools) => {
  const { tab, before } = await shown(
    tools,
    `<div role="feed"><article>Sent</article>${template("<article>{{ item_name }}</article>")}</div>`,
  );
  assert.equal(await report(tab), "applied");
  assert.equal(await tab.evaluate(() => document.querySelectorAll("[role=feed]").length), 1);
  assert.equal(await tab.evaluate(() => document.querySelectorAll("[role=listitem]").length), 0);
  await revertsTo(tab, before);
});

scene("a template of the document fills the element that the change names", async (tools) => {
  const { tab, before } = await shown(tools, `<h2>For you</h2><ol><li>Sent</li></ol>`, {
    template: "#card",
    selector: "ol",
    beside: `<template id="card"><li>{{ item_name }} for {{ visitor }}</li></template>`,
  });
  assert.equal(await report(tab), "applied");
  assert.deepEqual(await tab.evaluate(texts), ["Ridge <Mid> for Ann", 'Gill "Low" for Ann']);
  await revertsTo(tab, before);
});

scene(
  "an item that has no value for a placeholder is left out, and the others stand",
  { said: [/item "b-[23]" is left out: there is no value for "\{\{ price \}\}"/] },
  async (tools) => {
    /** @type {Item[]} */
    const items = [
      { item_id: "b-1", price: 129 },
      { item_id: "b-2" },
      { item_id: "b-3" },
      { item_id: "b-4", price: 9 },
    ];
    const { tab } = await shown(tools, `<ul>${template("<li>{{ price }}</li>")}</ul>`, { items });
    assert.equal(await report(tab), "applied");
    assert.deepEqual(await tab.evaluate(texts), ["129", "9"]);
  },
);

scene(
  "where no item is left the page keeps its own, and the reason is said",
  { said: [/item "b-[12]" is left out/] },
  async (tools) => {
    const { tab, before } = await shown(tools, `<ul>${OWN}${template("<li>{{ price }}</li>")}</ul>`);
    assert.equal(await tab.evaluate(slotHtml), before);
    assert.equal(await report(tab), 'there is no value for "{{ price }}"');
  },
);

/** @type {{ [what: string]: { inside: string, reason: RegExp, template?: string } }} */
const REFUSED = {
  "a slot without a template": { inside: "<ul></ul>", reason: /no <template data-tb-item>/ },
  "a template that is nowhere": { inside: "<ul></ul>", template: "#card", reason: /nothing matches "#card"/ },
  "a template without content": { inside: `<ul>${template("")}</ul>`, reason: /the <template> for items is empty/ },
  "a template with a script": {
    inside: `<ul>${template("<li>{{ item_name }}<script>1</script></li>")}</ul>`,
    reason: /<script> is not allowed in a template/,
  },
  "another element than a template": {
    inside: `<ul><li data-tb-item>{{ item_name }}</li></ul>`,
    template: "[data-tb-item]",
    reason: /<li> is no <template>/,
  },
};
for (const [what, { inside, reason, template }] of Object.entries(REFUSED)) {
  scene(`${what} changes nothing, and the reason is said`, { said: [/is left out/] }, async (tools) => {
    const { tab, before } = await shown(tools, inside, { template: template ?? null });
    assert.match(await report(tab), reason);
    assert.equal(await tab.evaluate(slotHtml), before);
  });
}

scene(
  "a catalog leads to other sites of the web and runs nothing, and a visitor's value leads nowhere else",
  { said: [/is left out: /], missing: [] },
  async (tools) => {
    /** @type {[field: string, value: string, shown: boolean][]} */
    const addresses = [
      ["url", "https://shop.example/ridge", true],
      ["url", "//shop.example/ridge", true],
      ["url", "/ridge", true],
      ["url", "javascript:document.title='run'", false],
      ["url", " java\tscript:document.title='run'", false],
      ["url", "data:text/html,<script>1</script>", false],
      ["url", "mailto:a@b.example", false],
      ["url", "blob:https://shop.example/1", false],
      ["other", "https://shop.example/ridge", false],
    ];
    const cards = addresses.map(
      ([field], at) => `<template id="t${at}"><li><a href="{{ ${field} }}">x</a></li></template>`,
    );
    const { tab } = await shown(tools, "<ul></ul>", {
      items: [{ item_id: "none" }],
      template: "#visitors",
      beside: `${cards.join("")}<template id="visitors"><li><a href="{{ elsewhere }}">x</a></li></template>`,
    });
    assert.match(await report(tab), /leads to another site/);
    for (const [at, [field, value, isShown]] of addresses.entries()) {
      const found = await tab.evaluate(
        (change) => {
          window.page.show({ slot: "also", variant: "also", changes: [change] });
          return document.querySelectorAll("section li").length;
        },
        {
          kind: "items",
          path: "x",
          selector: "ul",
          template: `#t${at}`,
          items: [{ item_id: `${at}`, [field]: value }],
        },
      );
      assert.equal(found, isShown ? 1 : 0, `${field}: ${value}`);
    }
    assert.equal(await tab.evaluate(() => document.title), "A shop");
  },
);

/** Runs in the page: how far what the visitor sees has moved without them. */
const shifted = () => window.seen.shifts.reduce((sum, { value }) => sum + value, 0);

// Other browsers do not say what has moved.
if (browser === "chromium") {
  scene("a page's own list that is as long is replaced without a shift of what is below", async (tools) => {
    const { tab } = await shown(tools, list, { beside: `<p id="below">Below</p>` });
    assert.equal(await report(tab), "applied");
    await pause(300);
    assert.equal(await tab.evaluate(shifted), 0);
    await tab.evaluate(() => window.page.revert("also"));
    await pause(300);
    assert.equal(await tab.evaluate(shifted), 0);
  });

  scene("a page's own list that is longer moves what is below", async (tools) => {
    const { tab } = await shown(tools, list, { beside: `<p id="below">Below</p>`, items: ITEMS.slice(0, 1) });
    await tab.until(shifted);
  });
}

scene("a list in which the visitor is, waits until they have left it", async (tools) => {
  const { site, open } = tools;
  const shop = site({
    body: `<section data-tb-slot="also">${list}</section><button>Elsewhere</button>`,
    head: `<script src="/alone.js"></script>`,
    tag: false,
    files: { "/alone.js": { type: "text/javascript; charset=utf-8", body: await pageAloneScript() }, ...FILES },
  });
  const tab = await open(shop.url());
  await tab.evaluate(
    (change) => {
      document.querySelector("a")?.focus();
      window.page = window.pageAlone(["also"], {});
      window.page.show({ slot: "also", variant: "also", changes: [change] });
    },
    { kind: "items", path: "x", selector: "", template: null, items: ITEMS },
  );
  await pause(100);
  assert.deepEqual(await tab.evaluate(texts), ["Sent", "Sent"]);
  await tab.evaluate(() => document.querySelector("button")?.focus());
  assert.equal(await report(tab), "applied");
});

/** A list of React's, whose template is markup of the page. */
const REACT = `
  import {createElement as h, useState} from "react";
  import {createRoot} from "react-dom/client";
  import {flushSync} from "react-dom";
  const card = {__html: "<li>{{ item_name }}</li>"};
  const App = () => {
    const [names, set] = useState(["a", "b"]);
    window.rename = (names) => flushSync(() => set(names));
    return h("ul", {}, names.map((name) => h("li", {key: name}, name)),
      h("template", {"data-tb-item": "", dangerouslySetInnerHTML: card}));
  };
  window.render = () => flushSync(() => createRoot(document.querySelector("section")).render(h(App)));`;

scene("a list of React's goes on rendering: the same content stays covered, a new one is the page's", async (tools) => {
  const { outputFiles } = await build({
    stdin: { contents: REACT, resolveDir: ROOT, loader: "js" },
    bundle: true,
    format: "iife",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const shop = tools.site({
    body: `<section data-tb-slot="also"></section>`,
    head: `<script src="/alone.js"></script><script src="/react.js"></script>`,
    tag: false,
    files: {
      "/alone.js": { type: "text/javascript; charset=utf-8", body: await pageAloneScript() },
      "/react.js": { type: "text/javascript; charset=utf-8", body: outputFiles[0].text },
    },
  });
  const tab = await tools.open(shop.url());
  await tab.evaluate(
    (change) => {
      Reflect.get(window, "render")();
      window.page = window.pageAlone(["also"], {});
      window.page.show({ slot: "also", variant: "also", changes: [change] });
    },
    { kind: "items", path: "x", selector: "", template: null, items: ITEMS },
  );
  const ours = ["Ridge <Mid>", 'Gill "Low"'];
  assert.deepEqual(await tab.evaluate(texts), ours);
  /** @param {string[]} names */
  const rename = (names) => tab.evaluate((names) => Reflect.get(window, "rename")(names), names);
  await rename(["a", "b"]);
  await pause(50);
  assert.deepEqual(await tab.evaluate(texts), ours);
  await rename(["c", "b", "a"]);
  await tab.until(() => !document.querySelector("section")?.textContent?.includes("Ridge"));
  assert.deepEqual(await tab.evaluate(texts), ["c", "b", "a"]);
  await tab.evaluate(() => window.page.revert("also"));
  await rename(["d"]);
  assert.deepEqual(await tab.evaluate(texts), ["d"]);
  assert.equal(await tab.evaluate(() => window.page.failed), null);
});
