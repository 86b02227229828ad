// A page that the browser kept whole while the visitor was elsewhere, and that goes on where it was.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { body, counting, looks, tracked } from "./outdoor.mjs";

/** @import { Site, Tab } from "./rig/types.js" */

const { scene } = await rig();

const granted = { "data-consent": "granted" };
const elsewhere = { "/empty": { tag: false, before: [], body: "<p>Nothing here.</p>" } };

/**
 * Opens the page, looks at five things, goes elsewhere.
 *
 * @param {Tab} tab
 * @param {Site} shop
 */
const goElsewhere = async (tab, shop) => {
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.evaluate(() => {
    window.kept = undefined;
    addEventListener("pageshow", ({ persisted }) => (window.kept = persisted));
  });
  await tab.evaluate(tracked, looks("boots", 5));
  await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t.")));
  await tab.goto(shop.url("/empty"));
};

/**
 * Goes back to a page that was kept. Firefox keeps none that is driven from outside: there it is loaded anew.
 *
 * @param {Tab} tab
 */
const comeBack = async (tab) => {
  await tab.evaluate(() => history.back());
  await tab.until(
    () => location.pathname !== "/empty" && document.readyState === "complete" && window.tailorbird?.available,
  );
  if (tab.browser !== "firefox") assert.equal(await tab.evaluate(() => window.kept), true, "the page was kept whole");
};

scene("what other tabs did meanwhile counts, and nothing counts twice", async ({ site, open }) => {
  const shop = site({ config: counting(15), body, tag: granted, pages: elsewhere, caching: "no-cache" });
  const tab = await open(shop.url("/empty"));
  await goElsewhere(tab, shop);
  // Another page folds the journal of the one that has let go of its lock, and removes it.
  const other = await open(shop.url());
  await other.until(() => window.tailorbird?.peek?.("hero").variant === "v5");
  await other.until(() => localStorage.getItem("tailorbird.v1") !== null);
  await other.evaluate(tracked, looks("tents", 3));
  await comeBack(tab);
  await tab.until(() => window.tailorbird?.peek?.("hero").variant === "v8");
  await tab.evaluate(tracked, looks("boots", 2));
  await other.evaluate(tracked, looks("tents", 1));
  await tab.close();
  await other.close();
  const last = await open(shop.url());
  await last.until(() => window.tailorbird?.peek?.("hero").variant === "v11");
});

scene("what was erased meanwhile is forgotten", async ({ site, open }) => {
  const shop = site({ config: counting(15), body, tag: granted, pages: elsewhere, caching: "no-cache" });
  const tab = await open(shop.url("/empty"));
  await goElsewhere(tab, shop);
  const other = await open(shop.url());
  await other.until(() => window.tailorbird?.peek?.("hero").variant === "v5");
  await other.evaluate(() => window.tailorbird.erase());
  await comeBack(tab);
  await tab.until(() => window.tailorbird?.peek?.("hero").variant === "v0");
  assert.equal(await tab.evaluate(() => JSON.stringify(window.tailorbird.export()).includes("boots")), false);
  assert.deepEqual(await tab.evaluate(() => Object.values(localStorage).filter((text) => text.length > 200)), []);
});
