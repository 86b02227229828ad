// Slots that belong to somebody else's framework: it goes on rendering, removing, moving and rewriting
// what it made, while a variant is shown and after it was taken back.
import assert from "node:assert/strict";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { rig } from "./rig/rig.mjs";
import { ROOT, tagHtml } from "./rig/site.mjs";
import { svelte } from "./frameworks/svelte_plugin.mjs";
import { Hero } from "./frameworks/react_hero.mjs";
import { START, STATES } from "./frameworks/state.mjs";
import { BOOTS, config, hero, looks, queued } from "./outdoor.mjs";

/** @import { SiteSpec, Tab } from "./rig/types.js" */

const { scene } = await rig();

const FOLDER = path.join(ROOT, "tests/browser/frameworks");
const FRAMEWORKS = {
  "React 19": "react.mjs",
  "Vue 3": "vue.mjs",
  lit: "lit.mjs",
  "Svelte 5": "svelte.mjs",
  jQuery: "jquery.mjs",
};

const LINK = "To the boots";
const LABEL = "Which size?";
const PARAGRAPH = "Chosen for you";

const variant = {
  id: "boots",
  tags: { category: "boots" },
  content: {
    text: { h1: BOOTS, a: LINK, "#text": PARAGRAPH, label: LABEL },
    attributes: { a: { title: "Boots", href: "#boots" } },
    class: { "": { add: ["warm"] }, a: { add: ["button"] } },
  },
};
const shown = config({ slots: [hero({ variants: [variant] })] });

const rebuilt = config({
  slots: [
    hero({
      variants: [
        {
          id: "boots",
          tags: { category: "boots" },
          content: {
            html: { h1: "<b>Boots</b> for you" },
            style: { ul: { color: "red" } },
            insert: [
              { append: "ul", html: `<li class="ours">Ours</li>` },
              { before: "#text", html: "<p>Before</p>" },
              { after: "#text", template: "#card" },
            ],
            move: [{ elements: "ul", prepend: "" }],
            hide: ["label"],
          },
        },
      ],
    }),
  ],
});
/** What the visitor sees of the last state then. */
const REBUILT = "a b c Ours | Boots for you | See all 3 | Before | First | From a template";
/** Runs in the page: the texts of what is seen in the slot, in its order. */
const seen = () => {
  const all = [.../** @type {Element} */ (document.querySelector("#app section")).children];
  const children = all.filter((child) => child.getClientRects().length > 0);
  const texts = children.map((child) => /** @type {HTMLElement} */ (child).innerText.trim().replace(/\s+/g, " "));
  return texts.filter((text) => text).join(" | ");
};

const CARD = '<template id="card"><p class="card">From a template</p></template>';

const bundles = new Map();
/**
 * The framework, the page's component and its states in one script; `start` is what mounts it.
 *
 * @param {string} file
 * @param {string} start
 */
const bundled = async (file, start) => {
  const key = `${file} ${start}`;
  if (!bundles.has(key)) {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import {${start} as mount} from "./${file}";
          import {START, STATES} from "./state.mjs";
          window.app = {clicks: 0, states: STATES};
          Promise.resolve(mount(document.querySelector("#app"), START)).then((update) => {
            window.app.update = update;
          });`,
        resolveDir: FOLDER,
      },
      bundle: true,
      plugins: [svelte],
      write: false,
      format: "iife",
      target: "es2022",
      minify: true,
      define: {
        "process.env.NODE_ENV": '"production"',
        __VUE_OPTIONS_API__: "false",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      },
      logLevel: "error",
    });
    bundles.set(key, outputFiles[0].text);
  }
  return bundles.get(key);
};

/**
 * @param {string} file
 * @param {{ start?: string, inside?: string, tag?: import("./rig/types.js").TagAttributes }} [options]
 */
const page = async (file, { start = "mount", inside = "", tag } = {}) => ({
  config: shown,
  tag: tag ?? false,
  body: `<main id="app">${inside}</main><p id="rest">The rest of the page.</p>${CARD}<script src="/app.js"></script>`,
  before: [[queued, looks("boots")]],
  files: { "/app.js": { type: "text/javascript; charset=utf-8", body: await bundled(file, start) } },
});

/**
 * Runs in the page: the tag as the owner writes it, at a moment of the test's choosing.
 *
 * @param {string} html
 */
const addTag = (html) => {
  const written = /** @type {HTMLElement} */ (
    document.createRange().createContextualFragment(html).querySelector("script")
  );
  const script = document.createElement("script");
  for (const { name, value } of written.attributes) script.setAttribute(name, value);
  document.head.append(script);
};

/** Runs in the page: notes the elements that the framework has made. */
const noteOwn = () => {
  window.own = [...document.querySelectorAll("#app *")];
};
/** Runs in the page: whether they are there, in their order, and nothing else is. */
const hasOwn = () => {
  const now = [...document.querySelectorAll("#app *")];
  return now.length === window.own.length && now.every((element, at) => element === window.own[at]);
};

/** Runs in the page: what the framework has rendered, without the comments that mark its places. */
const rendered = () => /** @type {Element} */ (document.querySelector("#app")).innerHTML.replace(/<!--.*?-->/gs, "");
const elements = () => [...document.querySelectorAll("#app *")].map(({ localName }) => localName).join(" ");
/** @param {number} at */
const turn = async (at) => {
  await window.app.update(window.app.states[at]);
  // Observers have run, and what they do has been done.
  await new Promise((resolve) => setTimeout(resolve, 60));
};
/**
 * Runs in the page: the text that stands in an element itself, not in what is in it.
 *
 * @param {string} selector
 */
const ownText = (selector) =>
  [.../** @type {Element} */ (document.querySelector(selector)).childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.nodeValue)
    .join("")
    .replace(/\s+/g, " ")
    .trim();
const field = () => {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("#app input"));
  return {
    focused: document.activeElement === input,
    value: input.value,
    from: input.selectionStart,
    to: input.selectionEnd,
  };
};

/**
 * What the framework makes of each of its states where nobody else touches the page.
 *
 * @param {Tab} tab
 */
const undisturbed = async (tab) => {
  await tab.until(() => Boolean(window.app?.update));
  const all = [];
  for (let at = 0; at < STATES.length; at += 1) {
    await tab.evaluate(turn, at);
    all.push({ html: await tab.evaluate(rendered), elements: await tab.evaluate(elements) });
  }
  return all;
};

/**
 * The visitor is about to fill in the field when the variant comes.
 *
 * @param {Tab} tab
 */
const typing = async (tab) => {
  await tab.click("#app input");
  await tab.type("42 wide");
  await tab.evaluate(() =>
    /** @type {HTMLInputElement} */ (document.querySelector("#app input")).setSelectionRange(1, 4),
  );
  return { focused: true, value: "42 wide", from: 1, to: 4 };
};

/**
 * @param {Tab} tab
 * @param {string} what
 */
const presses = async (tab, what) => {
  const before = await tab.evaluate(() => window.app.clicks);
  await tab.evaluate(() => /** @type {HTMLAnchorElement} */ (document.querySelector("#app a")).click());
  assert.equal(await tab.evaluate(() => window.app.clicks), before + 1, what);
};

for (const [framework, file] of Object.entries(FRAMEWORKS)) {
  scene(
    `${framework} goes on rendering a slot with a variant in it, and after stop has the page it would have without us`,
    async ({ site, open }) => {
      const shop = site(await page(file));
      const tab = await open(shop.url());
      const expected = await undisturbed(tab);
      const caret = await typing(tab);
      await tab.evaluate(noteOwn);

      await tab.evaluate(addTag, tagHtml({ config: shown, tag: { "data-consent": "granted" } }));
      assert.equal((await tab.announced("decision")).variant, "boots");
      assert.equal(await tab.evaluate(ownText, "#app h1"), BOOTS);
      assert.equal(await tab.evaluate(ownText, "#app a"), LINK);
      assert.equal(await tab.evaluate(ownText, "#app label"), LABEL);
      assert.equal(await tab.evaluate(hasOwn), true, "every element is the framework's own");
      assert.deepEqual(await tab.evaluate(field), caret, "the field as the visitor left it when the variant came");
      await presses(tab, "the link's handler with a variant on it");

      for (const round of ["first", "second"]) {
        for (let at = 0; at < STATES.length; at += 1) {
          await tab.evaluate(turn, at);
          assert.equal(await tab.evaluate(elements), expected[at].elements, `elements of state ${at}, ${round} round`);
          assert.equal(await tab.evaluate(ownText, "#app h1"), BOOTS, `the heading in state ${at}, ${round} round`);
          assert.equal(await tab.evaluate(ownText, "#app a"), LINK, `the link in state ${at}, ${round} round`);
          const classes = await tab.evaluate(() => [
            document.querySelector("#app section")?.className,
            document.querySelector("#app a")?.className,
          ]);
          assert.deepEqual(classes, ["hero warm", "button"], `the classes in state ${at}, ${round} round`);
          await presses(tab, `the link's handler in state ${at}, ${round} round`);
        }
      }
      assert.deepEqual(await tab.evaluate(field), caret, "the field after all that rendering");
      assert.deepEqual(await tab.announcements("conflict"), []);

      await tab.evaluate(noteOwn);
      await tab.evaluate(() => window.tailorbird.stop());
      assert.equal(await tab.evaluate(hasOwn), true, "every element is the framework's own after stop");
      assert.equal(await tab.evaluate(rendered), expected[expected.length - 1].html, "after stop");
      assert.deepEqual(await tab.evaluate(field), caret, "the field when the variant went");
      for (let at = 0; at < STATES.length; at += 1) {
        await tab.evaluate(turn, at);
        assert.equal(await tab.evaluate(rendered), expected[at].html, `state ${at} after stop`);
        await presses(tab, `the link's handler in state ${at} after stop`);
      }
    },
  );

  scene(
    `${framework} goes on rendering around HTML, insertions, moves and hidden elements, and has its page back after stop`,
    async ({ site, open }) => {
      const shop = site({ ...(await page(file)), config: rebuilt });
      const tab = await open(shop.url());
      const expected = await undisturbed(tab);
      await tab.evaluate(noteOwn);
      await tab.evaluate(addTag, tagHtml({ config: rebuilt, tag: { "data-consent": "granted" } }));
      assert.equal((await tab.announced("decision")).variant, "boots");
      assert.equal(await tab.evaluate(seen), REBUILT);
      assert.equal(
        await tab.evaluate(() => window.own.every((element) => element.isConnected || element.localName === "em")),
        true,
        "but for what HTML replaces, every element of the framework is on the page",
      );
      for (const round of ["first", "second"]) {
        for (let at = 0; at < STATES.length; at += 1) {
          await tab.evaluate(turn, at);
          await presses(tab, `the link's handler in state ${at}, ${round} round`);
          // A page that takes out what we put in ten times within two seconds gets the slot.
          await pause(150);
          const [shown, items] = await tab.evaluate(() => [
            document.querySelector("#app li.ours")?.textContent,
            [...document.querySelectorAll("#app li:not(.ours)")].map(({ textContent }) => textContent),
          ]);
          assert.equal(shown, "Ours", `state ${at}, ${round} round`);
          assert.deepEqual(items, STATES[at]?.items, `items in state ${at}, ${round} round`);
        }
      }
      assert.deepEqual(await tab.announcements("conflict"), []);
      await tab.evaluate(() => window.tailorbird.stop());
      assert.equal(await tab.evaluate(rendered), expected[expected.length - 1].html, "after stop");
      for (let at = 0; at < STATES.length; at += 1) {
        await tab.evaluate(turn, at);
        assert.equal(await tab.evaluate(rendered), expected[at].html, `state ${at} after stop`);
      }
    },
  );

  scene(`${framework} goes on rendering after the visitor has said no`, async ({ site, open }) => {
    const shop = site(await page(file));
    const tab = await open(shop.url());
    const expected = await undisturbed(tab);
    await tab.evaluate(addTag, tagHtml({ config: shown, tag: { "data-consent": "granted" } }));
    await tab.announced("decision");
    await tab.evaluate(turn, 0);
    await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
    for (let at = 0; at < STATES.length; at += 1) {
      await tab.evaluate(turn, at);
      assert.equal(await tab.evaluate(elements), expected[at].elements, `elements of state ${at}`);
      await presses(tab, `the link's handler in state ${at}`);
    }
    const last = (await tab.announcements("decision")).at(-1);
    assert.ok(last);
    if (last.variant === null)
      assert.equal(await tab.evaluate(rendered), expected[expected.length - 1].html, "the page that was announced");
    assert.deepEqual(await tab.announcements("unavailable"), []);
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.evaluate(rendered), expected[expected.length - 1].html);
  });
}

scene(
  "React hydrates what the server sent, and the variant comes when the page says that it is ready",
  async ({ site, open }) => {
    const html = renderToString(createElement(Hero, START));
    const spec = await page("react.mjs", {
      start: "hydrate",
      inside: html,
      tag: { "data-consent": "granted", "data-wait": "hydration" },
    });
    /** @type {NonNullable<SiteSpec["files"]>} */
    const files = spec.files;
    // Where the engine is there first, and where React is.
    for (const late of ["/app.js", "/tailorbird.js"]) {
      const shop = site({ ...spec, files: { ...files, [late]: { ...files[late], delay: 400 } } });
      const tab = await open(shop.url());
      await tab.until((text) => document.querySelector("#app h1")?.textContent.includes(text), BOOTS);
      for (let at = 0; at < STATES.length; at += 1) {
        await tab.evaluate(turn, at);
        assert.equal(await tab.evaluate(ownText, "#app h1"), BOOTS, `state ${at}, ${late} late`);
        await presses(tab, `state ${at}, ${late} late`);
      }
      await tab.evaluate(() => window.tailorbird.stop());
      assert.equal(await tab.text("#app h1"), "Gear for every trail");
    }
  },
);

scene(
  "text that the visitor has selected stays selected when a variant comes and when it goes",
  async ({ site, open }) => {
    const shop = site(await page("react.mjs"));
    const tab = await open(shop.url());
    await tab.until(() => Boolean(window.app?.update));
    const selected = await tab.evaluate(() => {
      const rest = /** @type {Node} */ (document.querySelector("#app ul li:nth-child(2)")?.firstChild);
      const from = /** @type {Node} */ (document.querySelector("#app ul li")?.firstChild);
      /** @type {Selection} */ (getSelection()).setBaseAndExtent(from, 0, rest, 1);
      return String(getSelection());
    });
    assert.notEqual(selected, "");
    await tab.evaluate(addTag, tagHtml({ config: shown, tag: { "data-consent": "granted" } }));
    await tab.announced("decision");
    assert.equal(await tab.evaluate(() => String(getSelection())), selected);
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.evaluate(() => String(getSelection())), selected);
  },
);
