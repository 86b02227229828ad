// WebAssembly that traps, at every kind of entry: the page is put back, nothing is thrown at it, nothing of
// the engine stays behind, and one announcement says so. The build in `dist-crash/` can be told to trap.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "../browser/rig/rig.mjs";
import { DIST, ROOT } from "../browser/rig/site.mjs";
import { watchListeners } from "../browser/rig/before.mjs";
import { body, BOOTS, config, hero, looks, queued } from "../browser/outdoor.mjs";
import { pageModel } from "../browser/page_model.mjs";

const { scene } = await rig();

const CRASHING = path.join(ROOT, "dist-crash");

const shown = config({
  segments: [...config().segments, { id: "late", when: { "time.hour": { $gte: 0 } } }],
  slots: [
    hero({
      variants: [
        {
          id: "boots",
          tags: { category: "boots" },
          content: {
            text: { h1: BOOTS },
            attributes: { a: { title: "To the boots" } },
            class: { a: { add: ["featured"] } },
          },
        },
      ],
    }),
    {
      id: "note",
      target: "#rest",
      choose: [{ by: "popular" }],
      variants: [{ id: "a", weight: 1, content: { text: { "": "Chosen" } } }],
    },
  ],
  prompts: [
    {
      id: "stay",
      on: { exit: "high" },
      content: { title: "Not quite it?", body: "There is more.", accept: "Show me", decline: "No thanks" },
    },
  ],
});
const page = {
  config: shown,
  body: `${body}<button id="more" type="button">More <b>of it</b></button><div style="height: 1500px"></div>`,
  dist: CRASHING,
  tag: { "data-consent": "granted" },
  before: [watchListeners, [queued, looks("boots")]],
  pages: { "/plain": { tag: false, before: [] } },
};

/** What there is to be put back: the page's own markup, slots and all. */
const markup = () =>
  [...document.body.children]
    .filter((element) => element.localName !== "script")
    .map((element) => element.outerHTML)
    .join("\n");

/** Runs in the page: gives every kind of entry an occasion. */
const stir = async () => {
  const turn = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));
  const { tailorbird } = window;
  tailorbird.track("view_item", { items: [{ item_id: "b-1", item_category: "boots" }] });
  tailorbird.decide("hero");
  tailorbird.peek("hero");
  for (const type of ["scroll", "keydown", "pointermove", "mousemove", "click", "visibilitychange"])
    document.dispatchEvent(new Event(type, { bubbles: true }));
  for (const type of ["focus", "blur", "resize", "pageshow", "popstate", "hashchange"])
    window.dispatchEvent(new Event(type));
  history.replaceState(null, "", `#${Math.random()}`);
  window.dispatchEvent(new StorageEvent("storage", { key: "tailorbird.v1", newValue: "x", storageArea: localStorage }));
  const added = document.createElement("section");
  added.setAttribute("data-tb-slot", "hero");
  added.innerHTML = "<h1>Added</h1><a href='/all'>All</a>";
  document.body.append(added);
  await turn(30);
  added.remove();
  /** @type {Element} */ (document.querySelector("[data-tb-slot]")).scrollIntoView();
  await turn(30);
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await turn(60);
};

const KINDS = {
  method: "a method",
  listener: "a listener",
  timer: "a timer",
  observer: "an observer",
  promise: "a promise",
  storage: "storage",
};

for (const [kind, where] of Object.entries(KINDS)) {
  scene(
    `when the engine traps in ${where} the page is put back, hears of no exception, and is left alone`,
    { timeout: 60_000 },
    async ({ site, open }) => {
      assert.ok(
        existsSync(path.join(CRASHING, "tailorbird.js")),
        "dist-crash/ is built: node scripts/build.mjs --crash --out dist-crash",
      );
      const shop = site(page);
      const tab = await open(shop.url("/plain"));
      const original = await tab.evaluate(markup);

      await tab.goto(shop.url());
      await tab.announced("decision");
      await tab.until(
        (text) =>
          document.querySelector("h1")?.textContent === text &&
          document.querySelector("#rest")?.textContent === "Chosen",
        BOOTS,
      );
      assert.notDeepEqual(await tab.evaluate(() => window.attached()), [], "what is counted is there");
      await tab.evaluate((armed) => window.tailorbird.crash(armed), kind);
      const unavailable = () => window.seen.events.some(({ name }) => name === "unavailable");
      // Some entries come by themselves, a while later.
      for (let round = 0; round < 40 && !(await tab.evaluate(unavailable)); round += 1) {
        await tab.evaluate(stir);
        await pause(50);
      }
      await tab.until(unavailable);
      await pause(100);
      assert.equal(await tab.evaluate(markup), original, "the page as it was sent");
      assert.deepEqual(await tab.evaluate(() => window.attached()), [], "no listener and no observer is left");
      assert.deepEqual(
        (await tab.heard()).filter(({ kind: how }) => how === "exception" || how === "error"),
        [],
      );

      await tab.evaluate(() => {
        window.called = 0;
      });
      await tab.evaluate(stir);
      await pause(1_300);
      assert.equal(await tab.evaluate(() => window.called), 0, "nothing is called any more");
      assert.equal((await tab.announcements("unavailable")).length, 1, "said once");
      assert.equal(await tab.evaluate(() => window.tailorbird.available), false);
      assert.equal((await tab.evaluate(() => window.tailorbird.decide("hero"))).variant, null);
      assert.equal(await tab.evaluate(markup), original);

      // Its memory may be in any state: on this page view nothing starts it again.
      await tab.evaluate(() => {
        const script = document.createElement("script");
        script.src = "/tailorbird.js";
        script.dataset.config = "/tailorbird.json";
        document.head.append(script);
      });
      await pause(300);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), false);
      assert.equal(await tab.evaluate(markup), original);

      // What was kept before is not lost, and the next page view is like any other.
      await tab.goto(shop.url());
      assert.equal((await tab.announced("decision")).variant, "boots");
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    },
  );
}

scene("a trap while a variant is shown leaves no half of it on the page", async ({ site, open }) => {
  const shop = site(page);
  const tab = await open(shop.url("/plain"));
  const original = await tab.evaluate(markup);
  await tab.goto(shop.url());
  await tab.announced("decision");
  await tab.evaluate(() => {
    // What the page answers to an announcement is an entry within an entry.
    document.addEventListener("tailorbird:decision", () => window.tailorbird.track("view_item", {}), { once: true });
    window.tailorbird.crash("method");
    void window.tailorbird.consent({ personalize: false });
  });
  await tab.announced("unavailable");
  await pause(100);
  assert.equal(await tab.evaluate(markup), original);
  assert.equal((await tab.announcements("unavailable")).length, 1);
});

scene("a trap takes back what was to be loaded ahead", async ({ site, open }) => {
  const model = { type: "application/octet-stream", body: pageModel({ "/": { "/plain": 0.6 } }) };
  const shop = site({
    ...page,
    config: { ...shown, model: "/site.tbm", speculation: { prefetch: 1 } },
    body: `${body}<a href="/plain">Plain</a>`,
    files: { "/site.tbm": model },
  });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const elements = () => document.querySelectorAll("script[type=speculationrules], link[rel=prefetch]").length;
  const canLoadAhead = await tab.evaluate(
    () => HTMLScriptElement.supports("speculationrules") || document.createElement("link").relList.supports("prefetch"),
  );
  if (canLoadAhead) await tab.until(elements);
  await tab.evaluate(() => {
    window.tailorbird.crash("method");
    window.tailorbird.profile();
  });
  await tab.announced("unavailable");
  assert.equal(await tab.evaluate(elements), 0);
});

scene("the build that is shipped cannot be told to trap", async ({ site, open }) => {
  const shop = site({ ...page, dist: DIST });
  const tab = await open(shop.url());
  await tab.announced("ready");
  assert.equal(await tab.evaluate(() => "crash" in window.tailorbird), false);
});
