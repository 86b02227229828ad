// Every kind of change that a variant can make: how it looks, that it is taken back to the letter, what becomes of it
// where the page renders anew, and where the page has the last word.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { rig } from "./rig/rig.mjs";
import { ROOT } from "./rig/site.mjs";
import { config, hero, looks, queued } from "./outdoor.mjs";

/** @import { SceneTools, SiteSpec, Step, Tab } from "./rig/types.js" */

const { scene } = await rig();

const boots = /** @satisfies {Step} */ ([queued, looks("boots")]);

/**
 * A config with one slot of one variant of this content; without content it is a template of the page.
 *
 * @param {object | null} content
 */
const showing = (content) =>
  config({
    slots: [hero({ variants: [{ id: "boots", tags: { category: "boots" }, ...(content ? { content } : {}) }] })],
  });

/** @param {string} inside */
const slot = (inside) => `<section data-tb-slot="hero">${inside}</section>`;

/** Runs in the page before the tag: writes down which elements the parser has made. */
const remembered = () => {
  document.addEventListener("DOMContentLoaded", () => {
    window.parts = [...document.querySelectorAll("section, section *, tb-slot, tb-slot *")];
  });
};

/** Runs in the page before the tag: attributes of the visitor. */
const known = (/** @type {{ [name: string]: string }} */ attributes) => {
  window.tailorbird = window.tailorbird || [];
  window.tailorbird.push(["attributes", attributes]);
};

const DOT = { type: "image/svg+xml", body: `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>` };
const FILES = {
  // The engine comes when the page stands.
  "/tailorbird.js": { delay: 150 },
  ...Object.fromEntries(["sent", "sent2", "boots", "boots2", "lazy"].map((name) => [`/${name}.svg`, DOT])),
};

/**
 * @param {SceneTools} tools
 * @param {object | null} content
 * @param {string} body
 * @param {Partial<SiteSpec>} [more]
 */
const opened = async ({ site, open }, content, body, { before = [], ...more } = {}) => {
  const shop = site({ config: showing(content), body, files: FILES, before: [remembered, ...before, boots], ...more });
  const tab = await open(shop.url());
  const { applied, problem } = await tab.announced("decision");
  return { tab, applied, problem };
};

/** @param {string} [selector] */
const html = (selector = "section") => document.querySelector(selector)?.outerHTML;

/**
 * The variant is taken back: the page is what the server sent, with the very same elements.
 *
 * @param {Tab} tab
 * @param {string} original
 * @param {string} [selector]
 */
const takenBack = async (tab, original, selector = "section") => {
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(html, selector), original);
  const same = await tab.evaluate(() => {
    const now = [...document.querySelectorAll("section, section *, tb-slot, tb-slot *")];
    return now.length === window.parts.length && now.every((element, at) => element === window.parts[at]);
  });
  assert.ok(same, "with the elements that the parser made");
  assert.equal(await tab.evaluate(() => document.adoptedStyleSheets.length), 0);
};

const HIDDEN = `style="display: none !important;"`;
const LIST = `<ul><li id="a">A</li><li id="b">B</li><li id="c">C</li></ul>`;

/**
 * Every kind: the content, what the page has, and what it has then.
 *
 * @type {{ [what: string]: { content: object, inside: string, shown: string } }}
 */
const KINDS = {
  "a property of the style": {
    content: { style: { p: { color: "blue !important", margin: "1px", "--share": "3" } } },
    inside: `<p style="color:red;margin-left: 3px">Theirs</p>`,
    shown: `<p style="color: blue !important; margin: 1px; --share: 3;">Theirs</p>`,
  },
  "a property where there was no style": {
    content: { style: { p: { color: "blue" } } },
    inside: `<p>Theirs</p>`,
    shown: `<p style="color: blue;">Theirs</p>`,
  },
  classes: {
    content: { class: { p: { add: ["z", "a"], remove: ["b"] } } },
    inside: `<p class="a  b c">Theirs</p>`,
    shown: `<p class="a c z">Theirs</p>`,
  },
  "something hidden": {
    content: { hide: ["p", "b"] },
    inside: `<p>Theirs</p><b style="display: inline-block">too</b>`,
    shown: `<p ${HIDDEN}>Theirs</p><b ${HIDDEN}>too</b>`,
  },
  "other HTML": {
    content: { html: { p: `<b class="x">Ours</b> and <a href="/x" target="_blank">more</a><button>Go</button>` } },
    inside: `<p>Theirs <em>and</em><!-- a note --> more</p>`,
    shown: `<p><em ${HIDDEN}>and</em><!-- a note --><b class="x">Ours</b> and <a href="/x" target="_blank">more</a><button type="button">Go</button></p>`,
  },
  "HTML before, after and in an element": {
    content: {
      insert: [
        { before: "p", html: "<b>1</b>" },
        { before: "p", html: "<b>2</b>" },
        { after: "p", html: "<b>3</b>" },
        { after: "p", html: "<b>4</b>" },
        { prepend: "p", html: "<b>5</b>" },
        { append: "p", html: "6" },
      ],
    },
    inside: `<p>Theirs</p>`,
    shown: `<b>1</b><b>2</b><p><b>5</b>Theirs6</p><b>3</b><b>4</b>`,
  },
  "elements in another order": {
    content: { move: [{ elements: "#b,#c", prepend: "ul" }] },
    inside: LIST,
    shown: `<ul><li id="b">B</li><li id="c">C</li><li id="a">A</li></ul>`,
  },
  "an element behind another": {
    content: { move: [{ elements: "#a", after: "#b" }] },
    inside: LIST.replaceAll("<li", "\n  <li"),
    shown: `<ul>\n  \n  <li id="b">B</li><li id="a">A</li>\n  <li id="c">C</li></ul>`,
  },
  // Once the variant stands, each of these selectors matches another element.
  "elements that it names by their places": {
    content: {
      text: { "li:nth-child(2)": "Ours" },
      hide: ["li:nth-child(1)"],
      move: [{ elements: "li:nth-child(3)", prepend: "ul" }],
      insert: [{ before: "li:nth-child(2)", html: "<li>New</li>" }],
    },
    inside: LIST,
    shown: `<ul><li id="c">C</li><li id="a" ${HIDDEN}>A</li><li>New</li><li id="b">Ours</li></ul>`,
  },
  "another picture": {
    content: { image: { img: { src: "/boots.svg", alt: "Boots" } } },
    inside: `<picture><source srcset="/sent2.svg" media="(min-width: 1px)"><img src="/sent.svg" srcset="/sent2.svg 2x" alt="Gear" class="wide"></picture>`,
    shown: `<picture><source srcset="/sent2.svg" media="not all"><img src="/boots.svg" alt="Boots" class="wide"></picture>`,
  },
  "everything at once": {
    content: {
      text: { h1: "Ours" },
      attributes: { a: { href: "/boots", title: "Boots" } },
      class: { p: { add: ["k"] } },
      style: { p: { color: "red" } },
      html: { p: "<b>Ours</b>" },
      insert: [{ after: "#a", html: "<li>Ours</li>" }],
      move: [{ elements: "#c", before: "#a" }],
      hide: ["em"],
      css: ".k { margin: 1px }",
    },
    inside: `<h1>Theirs</h1><p>Theirs <em>too</em></p><a href="/all">All</a>${LIST}`,
    shown: `<h1>Ours</h1><p class="k" style="color: red;"><em ${HIDDEN}>too</em><b>Ours</b></p><a href="/boots" title="Boots">All</a><ul><li id="c">C</li><li id="a">A</li><li>Ours</li><li id="b">B</li></ul>`,
  },
};

for (const [what, { content, inside, shown }] of Object.entries(KINDS)) {
  scene(`a variant shows ${what}, and nothing of it is left afterwards`, async (tools) => {
    const { tab, applied, problem } = await opened(tools, content, slot(inside));
    assert.equal(applied, true, problem);
    assert.equal(await tab.evaluate(html), slot(shown));
    await pause(100);
    assert.equal(await tab.evaluate(html), slot(shown), "and stays");
    assert.deepEqual(await tab.announcements("conflict"), []);
    await takenBack(tab, slot(inside));
  });
}

scene(
  "what is named by its place is still the same when the page adds more, and new when the page is",
  async (tools) => {
    const inside = `<ul><li id="a">A</li><li id="b">B</li><li id="c">C</li></ul>`;
    const { tab } = await opened(
      tools,
      {
        text: { "li:nth-child(2)": "Ours" },
        move: [{ elements: "li:nth-child(3)", prepend: "ul" }],
      },
      slot(inside),
    );
    const items = () => [...document.querySelectorAll("li")].map((item) => `${item.id} ${item.textContent}`);
    assert.deepEqual(await tab.evaluate(items), ["c C", "a A", "b Ours"]);
    await tab.evaluate(() => document.querySelector("ul")?.insertAdjacentHTML("beforeend", `<li id="d">D</li>`));
    await pause(200);
    assert.deepEqual(await tab.evaluate(items), ["c C", "a A", "b Ours", "d D"]);
    await tab.evaluate((sent) => {
      const list = document.querySelector("ul");
      if (list) list.outerHTML = sent.replaceAll(`id="`, `id="new-`);
    }, inside);
    await pause(200);
    assert.deepEqual(await tab.evaluate(items), ["new-c C", "new-a A", "new-b Ours"]);
    assert.deepEqual(await tab.announcements("conflict"), []);
  },
);

scene("the picture that a browser shows is the variant's, and then the page's again", async (tools) => {
  const inside = `<picture><source srcset="/sent2.svg"><img src="/sent.svg" srcset="/sent2.svg 2x" alt="Gear"></picture>`;
  const { tab } = await opened(
    tools,
    { image: { img: { src: "/boots.svg", srcset: "/boots2.svg 1x" } } },
    slot(inside),
  );
  const shows = (/** @type {string} */ name) => document.querySelector("img")?.currentSrc.endsWith(name);
  await tab.until(shows, "/boots2.svg");
  // A source that the page adds is passed over as well.
  await tab.evaluate(() => {
    const source = document.createElement("source");
    source.srcset = "/lazy.svg";
    document.querySelector("picture")?.prepend(source);
  });
  await pause(200);
  assert.ok(await tab.evaluate(shows, "/boots2.svg"));
  await tab.evaluate(() => document.querySelector("source")?.remove());
  await takenBack(tab, slot(inside));
  await tab.until(shows, "/sent2.svg");
});

scene("CSS stands as long as the variant does, in one sheet for all elements of the slot", async ({ site, open }) => {
  const shop = site({
    config: showing({ css: "section p { color: rgb(1, 2, 3) }" }),
    body: slot("<p>One</p>") + slot("<p>Two</p>"),
    before: [boots],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  const colours = () => [...document.querySelectorAll("p")].map((p) => getComputedStyle(p).color);
  assert.deepEqual(await tab.evaluate(colours), ["rgb(1, 2, 3)", "rgb(1, 2, 3)"]);
  assert.equal(await tab.evaluate(() => document.adoptedStyleSheets.length), 1);
  await tab.evaluate(() => document.querySelector("section")?.remove());
  await pause(100);
  assert.deepEqual(await tab.evaluate(colours), ["rgb(1, 2, 3)"]);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.deepEqual(await tab.evaluate(colours), ["rgb(0, 0, 0)"]);
});

/**
 * Contents of which a part cannot be: nothing of them is shown.
 *
 * @type {{ [why: string]: { content: object, inside?: string, problem: RegExp } }}
 */
const PARTLY = {
  "hides what is not there": { content: { text: { h1: "Ours" }, hide: [".no"] }, problem: /nothing matches "\.no"/ },
  "gives one element text and HTML": {
    content: { text: { p: "Ours" }, html: { p: "<b>Ours</b>" } },
    problem: /two selectors change the same content, in <p>/,
  },
  "moves something out of its parent": {
    content: { text: { h1: "Ours" }, move: [{ elements: "li", after: "p" }] },
    problem: /move\[0\]: <p> is no sibling/,
  },
  "moves what has several parents": {
    content: { text: { h1: "Ours" }, move: [{ elements: "p,li", prepend: "" }] },
    problem: /several parents/,
  },
  "moves behind one of many": {
    content: { text: { h1: "Ours" }, move: [{ elements: "p", after: "li" }] },
    problem: /"li" matches 2 elements, expected one/,
  },
  "gives a heading a picture": {
    content: { text: { p: "Ours" }, image: { h1: { src: "/boots.svg" } } },
    problem: /image\.h1: <h1> is no <img>/,
  },
  "writes into a live region": {
    content: { text: { p: "Ours" }, html: { h1: "<b>Ours</b>" } },
    inside: `<div role="status"><h1>Theirs</h1></div><p>Theirs</p>`,
    problem: /html\.h1: <h1> is in a live region/,
  },
  "inserts into a region that is read out": {
    content: { insert: [{ append: "div", html: "<b>Ours</b>" }] },
    inside: `<div aria-live="polite">Theirs</div>`,
    problem: /insert\[0\]: <div> is in a live region/,
  },
  "hides a frame": {
    content: { hide: ["iframe"] },
    inside: `<iframe title="A frame"></iframe>`,
    problem: /hide\[0\]: <iframe> is never changed/,
  },
  "replaces what is around a frame": {
    content: { html: { div: "Ours" } },
    inside: `<div>Theirs <iframe title="A frame"></iframe></div>`,
    problem: /html\.div: <div> holds <iframe>/,
  },
  "replaces what a custom element made": {
    content: { html: { "x-card": "Ours" } },
    inside: `<x-card>Theirs</x-card>`,
    problem: /owns its content/,
  },
  "has a style that no browser knows": {
    content: { text: { h1: "Ours" }, style: { p: { color: "sour" } } },
    problem: /style\.p: this browser does not know "color: sour"/,
  },
};

for (const [
  why,
  { content, inside = `<h1>Theirs</h1><p>Theirs</p><ul><li>A</li><li>B</li></ul>`, problem },
] of Object.entries(PARTLY)) {
  scene(`a variant that ${why} is not shown at all, and says so`, { said: [/hero.*boots/s] }, async (tools) => {
    const shop = tools.site({
      config: showing(content),
      body: slot(inside),
      files: FILES,
      before: [remembered, boots],
    });
    const tab = await tools.open(shop.url());
    const decision = await tab.until(
      () => window.seen.events.find(({ name, detail }) => name === "decision" && detail.applied === false)?.detail,
    );
    assert.match(decision.problem, problem);
    assert.equal(await tab.evaluate(html), slot(inside));
    await takenBack(tab, slot(inside));
  });
}

/**
 * What a framework does that renders anew: in the page, with what the server sent.
 *
 * @type {{ [how: string]: (inside: string) => void }}
 */
const RENDERINGS = {
  "the whole slot": (inside) => {
    const section = document.querySelector("section");
    if (section) section.innerHTML = inside;
  },
  "the slot itself": (inside) => {
    const section = document.createElement("section");
    section.dataset.tbSlot = "hero";
    section.innerHTML = inside;
    document.querySelector("section")?.replaceWith(section);
  },
  "the content of each element": (inside) => {
    const template = document.createElement("template");
    template.innerHTML = inside;
    for (const child of template.content.children) {
      const old = document.querySelector(`section > ${child.localName}:not(.ours)`);
      if (!old) continue;
      old.replaceChildren(...child.childNodes);
      for (const { name } of [...old.attributes]) if (!child.hasAttribute(name)) old.removeAttribute(name);
      for (const { name, value } of child.attributes) old.setAttribute(name, value);
    }
  },
};

for (const [how, render] of Object.entries(RENDERINGS)) {
  scene(`a page that renders ${how} anew finds the variant there again`, { timeout: 120_000 }, async (tools) => {
    for (const what of ["something hidden", "other HTML", "elements in another order", "another picture"]) {
      const { content, inside, shown } = /** @type {KINDS[string]} */ (KINDS[what]);
      const { tab } = await opened(tools, content, slot(inside));
      const settled = (/** @type {string} */ wanted) => document.querySelector("section")?.outerHTML === wanted;
      for (let time = 0; time < 3; time += 1) {
        await tab.evaluate(render, inside);
        await tab.until(settled, slot(shown));
        await pause(80);
      }
      assert.deepEqual(await tab.announcements("conflict"), [], what);
      await tab.evaluate(() => window.tailorbird.stop());
      assert.equal(await tab.evaluate(html), slot(inside), what);
    }
  });
}

scene("what stands beside a slot follows the slot, and comes again where the page takes it away", async (tools) => {
  const body = `<main>${slot("<p>Theirs</p>")}<p>More</p></main>`;
  const { tab } = await opened(tools, { insert: [{ after: "", html: "<b>Ours</b>" }] }, body);
  const main = () => document.querySelector("main")?.innerHTML;
  const shown = `${slot("<p>Theirs</p>")}<b>Ours</b><p>More</p>`;
  assert.equal(await tab.evaluate(main), shown);
  await tab.evaluate(() => document.querySelector("main > b")?.remove());
  await tab.until((wanted) => document.querySelector("main")?.innerHTML === wanted, shown);
  await tab.evaluate(() => document.querySelector("main")?.append(document.querySelector("section") ?? ""));
  const moved = `<p>More</p>${slot("<p>Theirs</p>")}<b>Ours</b>`;
  await tab.until((wanted) => document.querySelector("main")?.innerHTML === wanted, moved);
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(main), `<p>More</p>${slot("<p>Theirs</p>")}`);
});

/**
 * Pages that have the last word: what they do, and what is there then, also after the variant was taken back.
 *
 * @type {{ [what: string]: { content: object, inside: string, act: () => void, stays: string } }}
 */
const LAST_WORDS = {
  "writes another text into an element with our HTML": {
    content: { html: { p: "<b>Ours</b>" } },
    inside: "<p>Theirs <em>too</em></p>",
    act: () => document.querySelector("p")?.replaceChildren("Changed"),
    stays: "<p>Changed</p>",
  },
  "shows what we have hidden": {
    content: { hide: ["p"] },
    inside: "<p>Theirs</p>",
    act: () => document.querySelector("p")?.style.setProperty("display", "block"),
    stays: `<p style="display: block;">Theirs</p>`,
  },
  "styles an element in its own way": {
    content: { style: { p: { color: "red" } } },
    inside: "<p>Theirs</p>",
    act: () => document.querySelector("p")?.style.setProperty("color", "green"),
    stays: `<p style="color: green;">Theirs</p>`,
  },
  "sorts a list in an order of its own": {
    content: { move: [{ elements: "#c", prepend: "ul" }] },
    inside: LIST,
    act: () => {
      const list = document.querySelector("ul");
      for (const id of ["b", "a", "c"]) list?.append(document.getElementById(id) ?? "");
    },
    stays: `<ul><li id="b">B</li><li id="a">A</li><li id="c">C</li></ul>`,
  },
  "loads a picture lazily": {
    content: { image: { img: { src: "/boots.svg", alt: "Boots" } } },
    inside: `<img src="/sent.svg" alt="Gear">`,
    act: () => document.querySelector("img")?.setAttribute("src", "/lazy.svg"),
    stays: `<img src="/lazy.svg" alt="Gear">`,
  },
};

for (const [what, { content, inside, act, stays }] of Object.entries(LAST_WORDS)) {
  scene(`a page that ${what} has the last word`, async (tools) => {
    const { tab, applied } = await opened(tools, content, slot(inside));
    assert.equal(applied, true);
    await tab.evaluate(act);
    for (let time = 0; time < 3; time += 1) {
      await pause(100);
      assert.equal((await tab.evaluate(html))?.replace(/ data-turned=""/, ""), slot(stays));
      await tab.evaluate(() => document.querySelector("section")?.toggleAttribute("data-turned"));
    }
    assert.deepEqual(await tab.announcements("conflict"), []);
    await tab.evaluate(() => {
      document.querySelector("section")?.removeAttribute("data-turned");
      window.tailorbird.stop();
    });
    assert.equal(await tab.evaluate(html), slot(stays), "also after stop");
  });
}

scene(
  "a script that fights for what HTML of a variant replaces gets it, and the page stays alive",
  { said: [/^tailorbird: slot "hero"/] },
  async (tools) => {
    const inside = "<p>Theirs <em>too</em></p>";
    const { tab } = await opened(tools, { html: { p: "<b>Ours</b>" } }, slot(inside));
    await tab.evaluate((mine) => {
      window.fights = 0;
      const section = document.querySelector("section");
      if (!section) return;
      const fight = () => {
        if (section.innerHTML === mine) return;
        window.fights += 1;
        section.innerHTML = mine;
      };
      const about = { childList: true, characterData: true, attributes: true, subtree: true };
      new MutationObserver(fight).observe(section, about);
      fight();
    }, inside);
    assert.equal((await tab.announced("conflict")).slot, "hero");
    await pause(400);
    const fights = await tab.evaluate(() => window.fights);
    assert.ok(fights < 100, `${fights} rounds`);
    assert.equal(await tab.evaluate(html), slot(inside));
  },
);

scene("nothing is replaced, hidden or moved under the visitor's focus, but when that has left", async (tools) => {
  for (const [content, shown] of /** @type {const} */ ([
    [{ html: { p: "<b>Ours</b>" } }, `<p><input aria-label="Name" ${HIDDEN}><b>Ours</b></p><i>x</i>`],
    [{ hide: ["p"] }, `<p ${HIDDEN}>Theirs <input aria-label="Name"></p><i>x</i>`],
    [{ move: [{ elements: "p", append: "" }] }, `<i>x</i><p>Theirs <input aria-label="Name"></p>`],
  ])) {
    const inside = `<p>Theirs <input aria-label="Name"></p><i>x</i>`;
    const shop = tools.site({ config: showing(content), tag: false, body: slot(inside), before: [boots] });
    const tab = await tools.open(shop.url());
    await tab.click("input");
    await tab.type("Bo");
    await tab.evaluate(() => {
      const script = document.createElement("script");
      script.src = "/tailorbird.js";
      script.dataset.config = "/tailorbird.json";
      document.head.append(script);
    });
    await tab.until(() => window.seen.events.some(({ name }) => name === "ready"));
    await pause(200);
    assert.equal(await tab.evaluate(html), slot(inside));
    await tab.type("ots");
    assert.deepEqual(
      await tab.evaluate(() => [document.querySelector("input")?.value, document.activeElement?.localName]),
      ["Boots", "input"],
    );
    await tab.evaluate(() => document.querySelector("input")?.blur());
    await tab.until((wanted) => document.querySelector("section")?.outerHTML === wanted, slot(shown));
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.evaluate(html), slot(inside));
    assert.equal(await tab.evaluate(() => document.querySelector("input")?.value), "Boots");
  }
});

const CARD = `<template data-tb-variant="boots"><h2>{{ plan }} boots</h2><a href="/plans/{{ plan }}" title="For {{ plan }}"><svg viewBox="0 0 9 9"><path d="M0 0h9v9z"></path></svg></a></template>`;
const card = (/** @type {string} */ plan) =>
  `<h2>${plan} boots</h2><a href="/plans/${plan}" title="For ${plan}"><svg viewBox="0 0 9 9"><path d="M0 0h9v9z"></path></svg></a>`;

scene("a variant can be markup of the page, with what is known of the visitor filled in", async (tools) => {
  const inside = `<h1>Theirs</h1>${CARD}`;
  const { tab, applied, problem } = await opened(tools, null, slot(inside), { before: [[known, { plan: "gold" }]] });
  assert.equal(applied, true, problem);
  assert.equal(await tab.evaluate(html), slot(`<h1 ${HIDDEN}>Theirs</h1>${CARD}${card("gold")}`));
  await takenBack(tab, slot(inside));
});

scene(
  "markup whose value is missing is not shown",
  { said: [/there is no value for "\{\{ plan \}\} boots"/] },
  async ({ site, open }) => {
    const inside = `<h1>Theirs</h1>${CARD}`;
    const shop = site({ config: showing(null), body: slot(inside), before: [boots] });
    const tab = await open(shop.url());
    const { problem } = await tab.until(
      () => window.seen.events.find(({ name, detail }) => name === "decision" && detail.applied === false)?.detail,
    );
    assert.equal(problem, 'there is no value for "{{ plan }} boots"');
    assert.equal(await tab.evaluate(html), slot(inside));
  },
);

scene("markup is shown as soon as its value is known", async ({ site, open }) => {
  const inside = `<h1>Theirs</h1>${CARD}`;
  const shop = site({ config: showing(null), body: slot(inside), before: [boots] });
  const tab = await open(shop.url());
  await tab.started();
  await pause(400);
  assert.equal(await tab.evaluate(html), slot(inside));
  await tab.evaluate(() => window.tailorbird.attributes({ plan: "gold" }));
  await tab.until((wanted) => document.querySelector("section")?.innerHTML.endsWith(wanted), card("gold"));
  assert.equal((await tab.announced("decision")).applied, true);
});

scene(
  "a variant that is markup says where it has found none",
  { said: [/there is no <template data-tb-variant="boots"> in the slot/] },
  async ({ site, open }) => {
    const shop = site({ config: showing(null), body: slot("<h1>Theirs</h1>"), before: [boots] });
    const tab = await open(shop.url());
    const { problem } = await tab.until(
      () => window.seen.events.find(({ name, detail }) => name === "decision" && detail.applied === false)?.detail,
    );
    assert.equal(problem, 'there is no <template data-tb-variant="boots"> in the slot');
  },
);

scene("a template of the page is inserted, its own scripts of elements come to life, and go", async (tools) => {
  const cards = () => {
    window.cards = { connected: 0, disconnected: 0 };
    customElements.define(
      "x-card",
      class extends HTMLElement {
        connectedCallback() {
          window.cards.connected += 1;
        }
        disconnectedCallback() {
          window.cards.disconnected += 1;
        }
      },
    );
  };
  const body = `${slot(LIST)}<template id="item"><li class="ours"><x-card style="margin: 1px">{{ plan }}</x-card></li></template>`;
  const { tab } = await opened(tools, { insert: [{ append: "ul", template: "#item" }] }, body, {
    before: [cards, [known, { plan: "gold <b>" }]],
  });
  const item = `<li class="ours"><x-card style="margin: 1px">gold &lt;b&gt;</x-card></li>`;
  assert.equal(await tab.evaluate(html), slot(LIST.replace("</ul>", `${item}</ul>`)));
  assert.deepEqual(await tab.evaluate(() => window.cards), { connected: 1, disconnected: 0 });
  await takenBack(tab, slot(LIST));
  assert.deepEqual(await tab.evaluate(() => window.cards), { connected: 1, disconnected: 1 });
});

scene("a tb-slot is a slot: its content is the page's until a variant is shown", async (tools) => {
  const inside = `Theirs <b>too</b>${CARD}`;
  const { tab, applied } = await opened(tools, null, `<tb-slot name="hero">${inside}</tb-slot>`, {
    before: [[known, { plan: "gold" }]],
  });
  assert.equal(applied, true);
  const shown = `<tb-slot name="hero"><b ${HIDDEN}>too</b>${CARD}${card("gold")}</tb-slot>`;
  assert.equal(await tab.evaluate(html, "tb-slot"), shown);
  // A framework reuses the element for another slot, and back.
  await tab.evaluate(() => document.querySelector("tb-slot")?.setAttribute("name", "other"));
  await tab.until(() => document.querySelector("tb-slot")?.textContent === "Theirs too");
  await tab.evaluate(() => document.querySelector("tb-slot")?.setAttribute("name", "hero"));
  await tab.until((wanted) => document.querySelector("tb-slot")?.outerHTML === wanted, shown);
  await takenBack(tab, `<tb-slot name="hero">${inside}</tb-slot>`, "tb-slot");
});

scene("what a variant has put in is neither changed by its selectors nor a slot", async ({ site, open }) => {
  const shop = site({
    config: config({
      slots: [
        hero({
          variants: [
            {
              id: "boots",
              tags: { category: "boots" },
              content: { text: { p: "Ours" }, insert: [{ after: "p", html: `<p class="promo">As it is</p>` }] },
            },
          ],
        }),
        {
          id: "promo",
          target: ".promo",
          choose: [{ by: "popular" }],
          variants: [{ id: "x", weight: 1, content: { text: { "": "Changed" } } }],
        },
      ],
    }),
    body: slot("<p>Theirs</p>"),
    before: [boots],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.evaluate(() => document.querySelector("section")?.toggleAttribute("data-turned"));
  await pause(400);
  assert.equal(
    await tab.evaluate(() => document.querySelector("section")?.innerHTML),
    `<p>Ours</p><p class="promo">As it is</p>`,
  );
});

const LIST_APP = `
  import {createElement as h, useState} from "react";
  import {createRoot} from "react-dom/client";
  import {flushSync} from "react-dom";
  const List = () => {
    const [ids, set] = useState(["a", "b", "c"]);
    window.app = (next) => flushSync(() => set(next));
    return h("ul", null, ids.map((id) => h("li", {key: id, id}, id.toUpperCase())));
  };
  flushSync(() => createRoot(document.querySelector("section")).render(h(List)));`;

scene(
  "a keyed list of React goes on adding, removing and sorting while a variant has moved its items",
  async ({ site, open }) => {
    const { outputFiles } = await build({
      stdin: { contents: LIST_APP, resolveDir: ROOT },
      bundle: true,
      format: "iife",
      write: false,
      define: { "process.env.NODE_ENV": '"production"' },
    });
    const shop = site({
      config: showing({ move: [{ elements: "#c", prepend: "ul" }] }),
      body: `${slot("")}<script src="/app.js"></script>`,
      files: { ...FILES, "/app.js": { type: "text/javascript", body: outputFiles[0]?.text ?? "" } },
      before: [boots],
    });
    const tab = await open(shop.url());
    const order = (/** @type {string} */ wanted) =>
      [...document.querySelectorAll("li")].map((item) => item.id).join("") === wanted;
    await tab.until(order, "cab");
    for (const [ids, wanted] of /** @type {const} */ ([
      [["a", "b", "c", "d"], "cabd"],
      [["a", "c", "d"], "cad"],
      [["a", "d"], "ad"],
      [["a", "c", "d"], "cad"],
      [["a", "x", "c", "d"], "caxd"],
    ])) {
      await tab.evaluate((next) => window.app(next), ids);
      await tab.until(order, wanted);
      await pause(50);
      assert.ok(await tab.evaluate(order, wanted));
    }
    await tab.evaluate(() => window.tailorbird.stop());
    await tab.evaluate(() => window.app(["d", "c", "b", "a"]));
    assert.ok(await tab.evaluate(order, "dcba"));
    assert.deepEqual(await tab.announcements("conflict"), []);
  },
);

const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

scene("styles and CSS need nothing of a strict policy", async (tools) => {
  const content = { style: { p: { color: "rgb(1, 2, 3)" } }, css: "p { margin-top: 7px }", hide: ["b"] };
  const { tab } = await opened(tools, content, slot("<p>Theirs</p><b>too</b>"), { csp: STRICT });
  assert.deepEqual(
    await tab.evaluate(() => {
      const [p, b] = ["p", "b"].map((name) => getComputedStyle(document.querySelector(name) ?? document.body));
      return [p?.color, p?.marginTop, b?.display];
    }),
    ["rgb(1, 2, 3)", "7px", "none"],
  );
  await takenBack(tab, slot("<p>Theirs</p><b>too</b>"));
  assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
});

scene("CSS has the page's nonce in a browser that constructs no style sheets", async (tools) => {
  const without = () => Reflect.deleteProperty(CSSStyleSheet.prototype, "replaceSync");
  const { tab } = await opened(tools, { css: "p { margin-top: 7px }" }, slot("<p>Theirs</p>"), {
    csp: STRICT.replace("style-src 'self'", "style-src 'nonce-abc'"),
    tag: { nonce: "abc" },
    before: [without],
  });
  const margin = () => getComputedStyle(document.querySelector("p") ?? document.body).marginTop;
  assert.equal(await tab.evaluate(margin), "7px");
  await takenBack(tab, slot("<p>Theirs</p>"));
  assert.notEqual(await tab.evaluate(margin), "7px");
  assert.equal(await tab.evaluate(() => document.querySelectorAll("style").length), 0);
  assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
});

for (const [what, before] of /** @type {const} */ ([
  ["a browser that sanitizes", []],
  ["any other browser", [() => Reflect.deleteProperty(Document, "parseHTML")]],
])) {
  scene(`HTML needs one policy where types are trusted, in ${what}`, async (tools) => {
    const { tab, applied, problem } = await opened(tools, { html: { p: "<b>Ours</b>" } }, slot("<p>Theirs</p>"), {
      csp: `${STRICT}; require-trusted-types-for 'script'; trusted-types tailorbird#html`,
      before: [...before],
    });
    assert.equal(applied, true, problem);
    assert.equal(await tab.evaluate(html), slot("<p><b>Ours</b></p>"));
    await takenBack(tab, slot("<p>Theirs</p>"));
    assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
  });
}
