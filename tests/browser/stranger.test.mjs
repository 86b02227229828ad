// A page that nobody here wrote: Start Bootstrap's "Shop Item", as its npm package has it. Its
// stylesheet, script and pictures from other hosts are refused by the proxy, as on a bad day.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { rig } from "./rig/rig.mjs";
import { rigScripts, tagHtml } from "./rig/site.mjs";
import { clock } from "./rig/before.mjs";
import { looks, queued } from "./outdoor.mjs";

/** @import { SiteSpec } from "./rig/types.js" */

const { scene, browser } = await rig();

const FOLDER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("startbootstrap-shop-item/package.json")),
  "dist",
);
const HOSTS = ["cdn.jsdelivr.net", "dummyimage.com"];
const REFUSED = /Failed to load resource|ERR_|Loading failed for|jsdelivr|dummyimage|error loading/i;
const allow = { hosts: HOSTS, said: [REFUSED] };

// As long as what stands there: what a longer text would push down is the owner's choice.
const HEADING = "Boots for the way";
const LABEL = "Pack them";

/** @param {string} inside */
const variants = (inside) => [
  {
    id: "boots",
    tags: { category: "boots" },
    content:
      inside === "heading"
        ? { text: { "": HEADING } }
        : { text: { "": LABEL }, attributes: { "": { "aria-label": `${LABEL}: boots`, title: "Boots" } } },
  },
];
const slots = (targets) => [
  {
    id: "heading",
    ...(targets ? { target: "section:first-of-type h1" } : {}),
    choose: [{ by: "interest" }],
    variants: variants("heading"),
  },
  {
    id: "buy",
    ...(targets ? { target: "section:first-of-type button.btn" } : {}),
    choose: [{ by: "interest" }],
    variants: variants("button"),
  },
];
const config = (targets) => ({
  version: 1,
  slots: slots(targets),
  prompts: [
    {
      id: "stay",
      on: { exit: "high" },
      content: { title: "Not quite it?", body: "There are more like this.", accept: "Show me", decline: "No thanks" },
    },
  ],
});

/**
 * Into the head of their page, and nothing else: what the test needs, and the one tag.
 *
 * @param {SiteSpec} spec
 */
const withTag = (spec) => (_, text) => text.replace("</head>", `${rigScripts(spec)}\n${tagHtml(spec)}\n</head>`);
/**
 * As a server that renders the page may do: two attributes.
 *
 * @param {string} text
 */
const withSlots = (text) =>
  text
    .replace('<h1 class="display-5', '<h1 data-tb-slot="heading" class="display-5')
    .replace(
      '<button class="btn btn-outline-dark flex-shrink-0"',
      '<button data-tb-slot="buy" class="btn btn-outline-dark flex-shrink-0"',
    );

/** Runs in the page: all of it but what is ours to change, as text. */
const restOfPage = () => {
  const copy = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));
  const heading = copy.querySelector("section h1");
  const button = copy.querySelector("section button.btn");
  for (const element of [heading, button]) {
    element.textContent = "";
    for (const name of ["aria-label", "title", "data-tb-slot"]) element.removeAttribute(name);
  }
  // What the scene itself has put in.
  for (const script of copy.querySelectorAll('script[src^="/"]')) script.remove();
  return copy.outerHTML.replace(/\s+<\/head>/, "</head>");
};
const places = () =>
  [...document.body.querySelectorAll("h1, h2, h5, button, p, footer")].map((element) => {
    const { x, y } = element.getBoundingClientRect();
    return [element.tagName, Math.round(x), Math.round(y)];
  });

for (const [how, targets] of [
  ["two attributes added while serving", false],
  ["nothing but the tag, by the owner's selectors", true],
]) {
  scene(`heading and button of a stranger's page are personalized with ${how}`, allow, async ({ site, open }) => {
    const spec = {
      config: config(targets),
      roots: { "/": FOLDER },
      tag: { "data-consent": "granted" },
      before: [
        [clock, Date.UTC(2026, 4, 20, 10), false],
        [queued, looks("boots")],
      ],
    };
    const served = withTag(spec);
    spec.html = targets ? served : (where, text) => withSlots(served(where, text));
    const plain = {
      roots: { "/": FOLDER },
      before: [],
      html: (_, text) => text.replace("</head>", `${rigScripts({})}\n</head>`),
    };

    const original = await open(site(plain).url());
    const untouched = await original.evaluate(restOfPage);
    const widths = await original.evaluate(() => document.documentElement.scrollWidth);
    await original.close();

    const theirs = site(spec);
    const tab = await open(theirs.url());
    await tab.until(() => window.seen.events.filter(({ name }) => name === "decision").length >= 2);
    assert.equal(await tab.text("section h1"), HEADING);
    assert.equal(await tab.text("section button.btn"), LABEL);
    assert.equal(
      await tab.evaluate(() => /** @type {HTMLElement} */ (document.querySelector("section button.btn")).title),
      "Boots",
    );
    assert.equal(await tab.evaluate(restOfPage), untouched, "the rest of the page is as it was");
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), widths);

    const before = await tab.evaluate(places);
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.deepEqual(await tab.evaluate(places), before, "nothing moves afterwards");
    if (browser === "chromium") {
      // The text itself changes its width; a layout shift is another element that jumps because of it.
      const shifts = await tab.evaluate(() =>
        window.seen.shifts.filter(({ recentInput }) => !recentInput).reduce((sum, { value }) => sum + value, 0),
      );
      assert.equal(shifts, 0);
    }

    await tab.engage();
    await tab.exitTop();
    await tab.until(() => window.openDialog() !== null);
    await tab.picture(`stranger-${targets ? "selectors" : "attributes"}`);
    await tab.key("Escape");
    await tab.until(
      () => window.openDialog() === null && window.seen.events.filter(({ name }) => name === "prompt").length > 1,
    );
    const outcomes = (await tab.announcements("prompt")).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ["shown", "dismissed"]);
    assert.deepEqual(
      (await tab.heard()).filter(({ text }) => /tailorbird/i.test(text)),
      [],
    );
    await tab.evaluate(() => window.tailorbird.stop());
    assert.equal(await tab.text("section h1"), "Shop item template");
    assert.equal(
      await tab.evaluate(() => document.querySelector("section button.btn").innerHTML.replace(/\s+/g, " ").trim()),
      '<i class="bi-cart-fill me-1"></i> Add to cart',
    );
  });
}
