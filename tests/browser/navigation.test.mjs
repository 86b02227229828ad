// A single-page application that stays open: every page view counts once, and the memory stays what it was.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { BOOTS, looks, queued } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

// Chromium and Firefox let a page navigate 200 times in ten seconds, WebKit 100 times. A minute is enough, so the
// others go a part of the way.
const NAVIGATIONS = { chromium: 1_000, firefox: 250, webkit: 100 }[browser];
const PAUSE_MS = browser === "webkit" ? 110 : 60;
/** How much WebAssembly memory grows by, at least. */
const WASM_PAGE = 65_536;
const EARLY = NAVIGATIONS / 5;

const config = {
  version: 1,
  slots: [
    {
      id: "hero",
      choose: [{ by: "popular" }],
      variants: [
        {
          id: "boots",
          weight: 1,
          content: {
            text: { h1: BOOTS },
            class: { "": { add: ["warm"] } },
            css: ".hero.warm { color: #702000 }",
            insert: [{ append: "", html: '<p class="note">Free delivery</p>' }],
          },
        },
      ],
    },
  ],
};

/** Runs in the page before the engine: keeps hold of its memory. */
const withMemory = () => {
  const { instantiate } = WebAssembly;
  Reflect.set(
    WebAssembly,
    "instantiate",
    async (/** @type {WebAssembly.Module} */ module, /** @type {WebAssembly.Imports} */ imports) => {
      const instance = await instantiate(module, imports);
      window.wasmMemory ??= /** @type {WebAssembly.Memory} */ (instance.exports.memory);
      return instance;
    },
  );
};

/**
 * Runs in the page, as a router: from one number of a page to another, each page with a slot of its own.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} pauseMs
 */
const navigate = async (from, to, pauseMs) => {
  const view = /** @type {HTMLElement} */ (document.getElementById("view"));
  for (let count = from; count < to; count += 1) {
    history.pushState({}, "", `/page-${count}`);
    view.innerHTML = `<section class="hero" data-tb-slot="hero"><h1>Page ${count}</h1></section>`;
    for (let waited = 0; waited === 0 || view.querySelector("h1")?.textContent === `Page ${count}`; waited += 1) {
      if (waited > 100)
        throw new Error(`page ${count} stays as it is: ${JSON.stringify(window.seen.events.slice(-5))}`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  window.seen.events.length = 0;
};

/** Runs in the page. */
const state = () => ({
  wasm: window.wasmMemory?.buffer.byteLength ?? 0,
  nodes: document.querySelectorAll("*").length,
  sheets: document.styleSheets.length + (document.adoptedStyleSheets?.length ?? 0),
  heading: document.querySelector("h1")?.textContent,
  notes: document.querySelectorAll(".note").length,
  views: window.tailorbird.profile().attributes.session.views,
});

/**
 * What Chromium counts, after everything that can go has gone.
 *
 * @param {Tab} tab
 */
const counted = async (tab) => {
  if (!tab.page || tab.browser !== "chromium") return null;
  const protocol = await tab.page.createCDPSession();
  await protocol.send("HeapProfiler.collectGarbage");
  await protocol.send("Performance.enable");
  const { metrics } = await protocol.send("Performance.getMetrics");
  await protocol.detach();
  const of = (/** @type {string} */ wanted) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
};

scene(
  `${NAVIGATIONS} navigations are as many page views, and need no more memory in the end than after ${EARLY}`,
  { timeout: 240_000 },
  async ({ site, open }) => {
    const body = '<main id="view"></main>';
    const shop = site({
      config,
      body,
      tag: { "data-consent": "granted" },
      before: [[withMemory], [queued, looks("boots", 1)]],
    });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(navigate, 0, EARLY, PAUSE_MS);
    const [early, earlyCounted] = [await tab.evaluate(state), await counted(tab)];
    for (let from = EARLY; from < NAVIGATIONS; from += EARLY)
      await tab.evaluate(navigate, from, from + EARLY, PAUSE_MS);
    const [late, lateCounted] = [await tab.evaluate(state), await counted(tab)];

    assert.equal(late.heading, BOOTS);
    assert.equal(late.notes, 1);
    assert.deepEqual([early.views, late.views], [EARLY + 1, NAVIGATIONS + 1], "each page view counts once");
    assert.ok(early.wasm > 0);
    // Its largest moment may come late: when it folds depends on when the browser has time.
    assert.ok(late.wasm <= early.wasm + WASM_PAGE, `the engine's memory: ${early.wasm}, later ${late.wasm}`);
    assert.deepEqual([late.nodes, late.sheets], [early.nodes, early.sheets], "elements and style sheets");
    if (earlyCounted && lateCounted) {
      const grown = `${JSON.stringify(earlyCounted)}, later ${JSON.stringify(lateCounted)}`;
      assert.ok(lateCounted.heap < earlyCounted.heap + 300_000, grown);
      assert.ok(lateCounted.nodes <= earlyCounted.nodes + 50, grown);
      assert.equal(lateCounted.listeners, earlyCounted.listeners, grown);
    }
  },
);
