// The inspector, as a developer uses it: how it opens, what its panes say, what comes of what is done in it; and that
// neither the page nor what is known of the visitor is any different for it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { violations } from "./axe.mjs";
import { inspect, isOpen, press, says, turnTo, words } from "./inspector_page.mjs";
import { BOOTS, body, config, hero, looks, queued, TENTS } from "./outdoor.mjs";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

const { scene } = await rig();

const FILE = "/tailorbird-inspector.js";
const START = Date.UTC(2026, 4, 20, 10, 0, 0);
const PANES = ["Page", "Visitor", "Time", "Prompts", "Experiments", "Health", "Counts"];

const CONFIG = config({
  preview: true,
  segments: [
    { id: "keen", when: { "session.views": { $gte: 2 } } },
    { id: "from-mail", when: { "campaign.source": "newsletter" } },
    { id: "back", when: { "visitor.returning": true } },
    { id: "on-a-phone", when: { "device.class": "phone" } },
  ],
  slots: [
    hero(),
    {
      id: "strip",
      target: "#rest",
      choose: [{ by: "segment" }],
      variants: [
        { id: "phone", segment: "on-a-phone", content: { text: { "": "Shop by phone" } } },
        { id: "again", segment: "back", content: { text: { "": "Good to see you again" } } },
        { id: "again-and-again", segment: "keen", content: { text: { "": "Still looking?" } } },
      ],
    },
  ],
  prompts: [
    {
      id: "keep",
      on: { call: true },
      caps: { perSession: 1 },
      content: { title: "Keep your basket?", accept: "Keep it", decline: "No thanks" },
    },
  ],
  experiments: {
    features: {
      headline: { rules: [{ key: "headline", variations: ["short", "long"], weights: [0.5, 0.5], coverage: 1 }] },
    },
  },
});

const page = (more = {}) => ({
  config: CONFIG,
  body,
  tag: { "data-consent": "granted" },
  before: [
    [clock, START, true],
    [queued, looks("boots", 3)],
  ],
  ...more,
});

scene("it opens in three ways, and is never loaded for visitors", async ({ site, open }) => {
  const shop = site(
    page({ pages: { "/next": {}, "/asks": { tag: { "data-consent": "granted", "data-inspect": true } } } }),
  );
  const asked = () => shop.engineRequests().filter((path) => path === FILE).length;
  const tab = await open(shop.url());
  await tab.announced("decision");
  assert.equal(asked(), 0, "a visitor");
  assert.equal(await tab.evaluate(() => window.tailorbird.inspect()), true);
  assert.ok(await tab.evaluate(isOpen), "the method");
  assert.equal(await tab.evaluate(() => window.tailorbird.inspect()), true);
  assert.equal(await tab.evaluate(() => document.querySelectorAll("tailorbird-inspector").length), 1, "only once");
  await tab.goto(shop.url("/asks"));
  await tab.until(words);
  assert.equal(asked(), 2, "the script tag");
  await tab.goto(shop.url("/?tb-inspect"));
  await tab.until(words);
  assert.equal(asked(), 3, "the address");
  await tab.evaluate(() => location.assign("/next"));
  await tab.until(() => location.pathname === "/next");
  await tab.until(words);
  assert.equal(asked(), 4, "the page that comes next");
  await press(tab, "Close the inspector");
  assert.equal(await tab.evaluate(() => location.search), "", "closed, it is closed on the next page too");
  shop.spec = { ...shop.spec, config: { ...CONFIG, preview: false } };
  await tab.goto(shop.url("/?tb-inspect"));
  await tab.announced("decision");
  assert.equal(asked(), 4, "the address, where the config does not allow it");
  await tab.evaluate(() => window.tailorbird.stop());
  assert.equal(await tab.evaluate(() => window.tailorbird.inspect()), false, "without an engine");
});

scene("each pane says what there is, and nothing that is done in it is recorded", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
  /** What is stored, once what is due has been written. */
  const kept = () =>
    tab.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return JSON.stringify({ ...localStorage, dataLayer: window.dataLayer, exported: window.tailorbird.export() });
    });
  await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t.")));
  // What is seen is counted a second later.
  await tab.until(() => window.seen.events.filter(({ name }) => name === "impression").length === 2);
  const before = await kept();

  await inspect(tab);
  await says(tab, "shows boots, level personalized, score 0.5");
  await says(tab, "50 % of this visitor's category interest is in boots");
  await press(tab, "Each strategy by itself");
  await says(tab, "segment: no variant; no variant matches this visitor's segments");
  await press(tab, "Variants (3)");
  await says(tab, `tents (score 0) “${TENTS}”`);
  assert.equal(
    await tab.evaluate(
      () => document.querySelector("tailorbird-inspector")?.shadowRoot?.querySelector(".label")?.textContent,
    ),
    "hero: boots",
    "the slot is outlined",
  );

  await turnTo(tab, "Visitor");
  await says(tab, "boots 50 %");
  await says(tab, "keen out: session.views is 1, expected at least 2");
  await says(tab, "view_item");
  await press(tab, "keen");
  await says(tab, "strip would show again-and-again, the page shows the page's own content");
  await press(tab, "Track it in the sandbox");
  await says(tab, "Done: in keen, view_item.");
  await press(tab, "Reset");
  await says(tab, "keen out:");

  await turnTo(tab, "Time");
  await press(tab, "A week later");
  await says(tab, "7 days ahead of the page");
  await press(tab, "Returning visitor");
  await says(tab, "strip would show again, the page shows the page's own content");
  await press(tab, "On a phone");
  await says(tab, "The visitor would enter on-a-phone.");
  await press(tab, "From a newsletter");
  await says(tab, "The visitor would enter from-mail.");
  await press(tab, "Begin with an empty sandbox");
  await says(tab, "hero would show the page's own content, the page shows boots");
  await press(tab, "All steps");
  await says(tab, "⇒ hero → boots");

  await turnTo(tab, "Prompts");
  await says(tab, "per-session");
  await says(tab, "per-session: 1 left");
  await turnTo(tab, "Experiments");
  await says(tab, "headline");
  await says(tab, "0 50 %, 1 50 %");
  await turnTo(tab, "Health");
  await says(tab, "Nothing is wrong.");
  await says(tab, "Decided by the site: its script tag, or consent().");
  await says(tab, "tailorbird.json");
  await turnTo(tab, "Counts");
  await tab.until(words);
  assert.equal(await kept(), before, "stored and told as before");

  await turnTo(tab, "Page");
  await press(tab, "Show tents in hero");
  await tab.until((text) => document.querySelector("h1")?.textContent === text, TENTS);
  await says(tab, "A preview is on (hero shows tents)");
  await press(tab, "As decided");
  await tab.until((text) => document.querySelector("h1")?.textContent === text, BOOTS);
  await turnTo(tab, "Prompts");
  await press(tab, "Show now: keep");
  await tab.until(() => Boolean(window.openDialog()));
  await tab.key("Escape");
  await tab.until(() => !window.openDialog());
  assert.equal(await kept(), before, "also of what was forced");
});

scene("axe finds nothing in any pane, by day and by night", async ({ site, open }) => {
  const tab = await open(site(page()).url());
  await inspect(tab);
  for (const dark of [false, true]) {
    if (!(await tab.media({ dark })) && dark) return;
    for (const pane of PANES) {
      await turnTo(tab, pane);
      if (pane === "Time") await press(tab, "A day later");
      if (pane === "Health") await says(tab, "tailorbird.js");
    }
    // All at once: what takes its time is to begin.
    await tab.evaluate(() => {
      const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
      for (const panel of root?.querySelectorAll("[role=tabpanel]") ?? []) panel.removeAttribute("hidden");
      for (const details of root?.querySelectorAll("details") ?? []) details.open = true;
    });
    assert.deepEqual(await violations(tab, "tailorbird-inspector"), [], dark ? "dark" : "light");
  }
});

/** Runs in the page: what has the focus in the inspector, by its name. */
const focused = () => {
  const found = /** @type {HTMLInputElement | null | undefined} */ (
    document.querySelector("tailorbird-inspector")?.shadowRoot?.activeElement
  );
  return found && (found.getAttribute("aria-label") ?? found.labels?.[0]?.textContent ?? found.textContent)?.trim();
};

/** Runs in the page: where the window is. */
const corner = () => {
  const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
  const { left, top } = root?.querySelector(".window")?.getBoundingClientRect() ?? new DOMRect();
  return [Math.round(left), Math.round(top)];
};

scene(
  "all of it is done by the keyboard, under a strict policy, and it remembers its place in this tab",
  async ({ site, open }) => {
    const csp =
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; base-uri 'none'";
    const shop = site(page({ csp, body: `${body}<button id="opener">Open</button>` }));
    const tab = await open(shop.url());
    await tab.announced("decision");
    await tab.evaluate(() => document.querySelector("button")?.focus());
    await inspect(tab);
    assert.equal(await tab.evaluate(focused), "Page", "it takes the focus");
    await tab.key("ArrowRight");
    await says(tab, "Segments");
    assert.equal(await tab.evaluate(focused), "Visitor");
    await tab.key("Home");
    await tab.key("End");
    assert.equal(await tab.evaluate(focused), "Counts");
    await tab.key("ArrowRight");
    assert.equal(await tab.evaluate(focused), "Page");
    await tab.key("Tab");
    await tab.key("Tab");
    assert.equal(await tab.evaluate(focused), "Outline slots on the page");
    await tab.key("Tab");
    assert.equal(await tab.evaluate(focused), "Find");

    await tab.evaluate(() => {
      const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
      /** @type {HTMLElement | null | undefined} */ (root?.querySelector(".header button"))?.focus();
    });
    const [left, top] = await tab.evaluate(corner);
    await tab.key("ArrowLeft");
    await tab.key("ArrowUp");
    assert.deepEqual(await tab.evaluate(corner), [Number(left) - 16, Number(top) - 16]);
    assert.deepEqual(await tab.evaluate(() => Object.keys(sessionStorage)), ["tailorbird.inspector"]);
    await turnTo(tab, "Health");
    await tab.goto(shop.url("/?tb-inspect"));
    await says(tab, "Consent in effect");
    await tab.until(
      (wanted) => {
        const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
        return Math.round(root?.querySelector(".window")?.getBoundingClientRect().left ?? 0) === wanted;
      },
      Number(left) - 16,
    );
    await tab.evaluate(() => document.querySelector("button")?.focus());
    await inspect(tab);
    await tab.key("Escape");
    assert.equal(await tab.evaluate(isOpen), false, "Escape closes it");
    assert.equal(await tab.evaluate(() => document.activeElement?.id), "opener", "the focus is back");
    assert.deepEqual(await tab.evaluate(() => window.seen.violations), []);
  },
);

scene(
  "the page is laid out as without it, and what is done in it is not the visitor's doing",
  async ({ site, open }) => {
    const hostile = `<style>* { all: unset } html > * { display: none !important; width: 10px } body { display: block !important }</style>`;
    const tab = await open(site(page({ head: hostile, body: `${body}<div style="height: 2000px">.</div>` })).url());
    await tab.announced("decision");
    // So long is a visitor taken to be there who does nothing.
    await tab.evaluate(() => window.clock.advance(60_000));
    /** The page as it is, but for the element of the inspector. */
    const layout = () =>
      tab.evaluate(() => ({
        html: document.documentElement.outerHTML,
        boxes: [...document.body.querySelectorAll("*")].map((element) =>
          JSON.stringify(element.getBoundingClientRect()),
        ),
        size: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
        attributes: window.tailorbird.profile().attributes,
      }));
    /** @param {string} name */
    const pixels = async (name) => {
      const file = path.join(folder, name);
      await tab.screenshot(file);
      return readFileSync(file).toString("base64");
    };
    const folder = mkdtempSync(path.join(tmpdir(), "tailorbird-inspector-"));
    const before = await layout();
    const pictured = await pixels("before.png");
    await inspect(tab);
    const open_ = await layout();
    assert.deepEqual([open_.boxes, open_.size], [before.boxes, before.size], "while it is open");
    const [left, top] = /** @type {[number, number]} */ (await tab.evaluate(corner));
    assert.ok(left > 100 && top >= 0, "the page's own styles do not reach it");
    for (let times = 0; times < 3; times += 1) {
      await tab.evaluate(() => window.clock.advance(2_000));
      await tab.press(left + 100, top + 10);
      await tab.key("Shift");
    }
    await tab.evaluate(() => {
      const root = document.querySelector("tailorbird-inspector")?.shadowRoot;
      /** @type {HTMLElement | null | undefined} */ (
        root?.querySelector('[aria-label="Close the inspector"]')
      )?.click();
    });
    const after = await layout();
    await tab.move(5, 5);
    assert.equal(await pixels("after.png"), pictured, "to the pixel");
    rmSync(folder, { recursive: true });
    assert.equal(after.html, before.html);
    assert.deepEqual(after.boxes, before.boxes);
    assert.equal(after.attributes?.page?.engaged_seconds, before.attributes?.page?.engaged_seconds, "no time is spent");
  },
);

scene("a withdrawal drops the sandbox with the engine that it was copied of", async ({ site, open }) => {
  const tab = await open(site(page()).url());
  await inspect(tab);
  await turnTo(tab, "Visitor");
  await press(tab, "keen");
  await says(tab, "Done: in keen.");
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  await says(tab, "Interests Move one to see what would be decided. None yet.");
  assert.ok(!(await tab.evaluate(words))?.includes("Sandbox"), "it is gone");
  await press(tab, "keen");
  await says(tab, "Done: in keen.");
  await turnTo(tab, "Health");
  await says(tab, "Consent is denied, by site, so nothing is remembered of this visitor.");
  await tab.evaluate(() => window.tailorbird.stop());
  await tab.until(() =>
    /** @type {HTMLElement | null | undefined} */ (
      document.querySelector("tailorbird-inspector")?.shadowRoot?.querySelector(".stopped")
    )?.innerText.includes("The engine is not running on this page any more."),
  );
  await tab.key("Escape");
});
