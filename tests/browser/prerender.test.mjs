// Pages that the browser renders ahead of a visit: in Chromium, for speculation rules.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { body, BOOTS, looks, queued, tracked } from "./outdoor.mjs";

const { scene, browser } = await rig();

const granted = { "data-consent": "granted" };
/** The page ahead has had time to decide by then. */
const follow = '<script>setTimeout(() => document.querySelector("a").click(), 4000)</script>';
const rules = JSON.stringify({ prerender: [{ urls: ["/ahead"], eagerness: "immediate" }] });
const slots = [
  {
    id: "hero",
    choose: [{ by: "segment" }],
    variants: [{ id: "boots", segment: "seen-three", content: { text: { h1: BOOTS } } }],
  },
];
const config = {
  version: 1,
  segments: [{ id: "seen-three", when: { "visitor.events.view_item": { $gte: 3 } } }],
  slots,
};

/**
 * Runs in the page that is rendered ahead: leaves for another tab what the page shows, says and has stored when its
 * visit begins, and once the first decision is announced.
 */
const reporting = () => {
  const ours = () => Object.keys(localStorage).filter((key) => /^tailorbird\.(t\.|d$)/.test(key));
  const keep = () => {
    const heading = document.querySelector("section h1")?.textContent;
    const announced = window.seen.events.map(({ name }) => name);
    const began = { heading, announced, stored: ours() };
    document.addEventListener("tailorbird:decision", (/** @type {CustomEventInit} */ { detail }) => {
      const { session, visitor } = window.tailorbird.profile().attributes;
      const visited = { variant: detail.variant, views: session.views, events: visitor.events };
      localStorage.setItem("report", JSON.stringify({ began, visited }));
    });
  };
  // Before the engine's own listener, which captures as well.
  document.addEventListener("prerenderingchange", keep, { capture: true });
};

if (browser === "chromium") {
  scene(
    "a page that is rendered ahead shows its variant when the visitor comes, and counts only then",
    async ({ site, open }) => {
      const ahead = { before: [[reporting], [queued, looks("boots", 1)]] };
      const head = `<script type="speculationrules">${rules}</script>`;
      const pages = {
        "/ahead": /** @type {import("./rig/types.js").PageSpec} */ (ahead),
        "/from": { tag: false, head, body: `<a href="/ahead">On</a>${follow}` },
        "/empty": { tag: false, body: "" },
      };
      const shop = site({ config, body, tag: granted, pages });
      const tab = await open(shop.url());
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("boots", 3));
      const other = await open(shop.url("/empty"));
      const before = await other.evaluate(() =>
        Object.keys(localStorage).filter((key) => /^tailorbird\.(t\.|d$)/.test(key)),
      );
      // What is rendered ahead of a tab that is not in front waits. The tab shows another page once its link is
      // followed, so nobody asks it anything from then on.
      await tab.front();
      await tab.ownViewport?.();
      await tab.goto(shop.url("/from"));
      const text = await other.until(() => localStorage.getItem("report"));
      const { began, visited } = JSON.parse(String(text));
      assert.equal(began.heading, BOOTS, "it is shown when the visit begins");
      assert.deepEqual(began.announced, ["consent", "ready"], "no decision is announced ahead");
      assert.deepEqual(began.stored, before, "and nothing is stored");
      assert.equal(visited.variant, "boots");
      assert.equal(visited.views, 2, "this page view and the one before");
      assert.deepEqual(visited.events, { view_item: 4 }, "with what the page has sent ahead");
    },
  );
}
