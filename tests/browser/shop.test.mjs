// The demo shop as its visitors meet it.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { rig } from "./rig/rig.mjs";
import { rigScripts, ROOT } from "./rig/site.mjs";
import { clock } from "./rig/before.mjs";

/** @import { Site, SiteSpec, Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const SHOP = path.join(ROOT, "www/shop");
const MONDAY = Date.UTC(2026, 4, 18, 10);
const DAY = 86_400_000;

/** The shop behind the rig, on a day of the test's choosing: `spec.before` may be set anew. */
const shopSpec = (more = {}) => {
  /** @type {import("./rig/types.js").SiteSpec} */
  const spec = { roots: { "/": SHOP }, before: [[clock, MONDAY, false]], ...more };
  spec.html = (_, text) => text.replace("<head>", `<head>${rigScripts(spec)}`);
  return spec;
};
/**
 * @param {SiteSpec} spec
 * @param {number} day
 */
const on = (spec, day) => {
  spec.before = [[clock, MONDAY + day * DAY, false]];
};
const heading = "Boots that know the way";
/** @param {Tab} tab */
const shifted = (tab) =>
  tab.evaluate(() =>
    window.seen.shifts.filter(({ recentInput }) => !recentInput).reduce((sum, { value }) => sum + value, 0),
  );
/**
 * @param {Tab} tab
 * @param {Site} shop
 * @param {string[]} products
 */
const looksAt = async (tab, shop, products) => {
  for (const product of products) {
    await tab.goto(shop.url(product));
    await tab.announced("ready");
  }
};
const BOOTS = ["/boots/harrow-mid", "/boots/kirkstone", "/boots/gillfoot"];

assert.ok(existsSync(path.join(SHOP, "index.html")), "the demo shop is there");

scene(
  "a visitor who accepted and looked at three boots comes back to a page that speaks of boots",
  async ({ site, open }) => {
    const spec = shopSpec();
    const shop = site(spec);
    const tab = await open(shop.url());
    await tab.announced("ready");
    const first = await tab.text("h1");
    assert.notEqual(first, heading);
    assert.ok(
      await tab.evaluate(() => !(/** @type {HTMLElement} */ (document.querySelector("[data-consent-banner]")).hidden)),
      "the shop asks",
    );
    assert.deepEqual(await tab.evaluate(() => Object.keys(localStorage)), [], "nothing is kept before the answer");
    await tab.picture("shop-first-visit");
    await tab.click('[data-consent-banner] [data-choice="granted"]');
    await tab.until(() => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.")));
    await looksAt(tab, shop, BOOTS);
    await tab.close();

    on(spec, 2);
    const again = await open(shop.url());
    await again.until((text) => document.querySelector("h1").textContent.trim() === text, heading);
    assert.equal(
      await again.evaluate(
        () => new URL(/** @type {HTMLAnchorElement} */ (document.querySelector(".hero .button")).href).pathname,
      ),
      "/boots/",
    );
    assert.ok(
      await again.evaluate(() => /** @type {HTMLElement} */ (document.querySelector("[data-consent-banner]")).hidden),
      "it does not ask again",
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await again.picture("shop-second-visit");
    if (browser === "chromium") assert.equal(await shifted(again), 0);
    const own = shop.engineRequests();
    assert.deepEqual([...new Set(own)].sort(), ["/tailorbird.js", "/tailorbird.json"]);
  },
);

scene("a visitor who declines is never remembered, and the shop works all the same", async ({ site, open }) => {
  const spec = shopSpec();
  const shop = site(spec);
  const tab = await open(shop.url());
  await tab.announced("ready");
  const first = await tab.text("h1");
  await tab.click('[data-consent-banner] [data-choice="denied"]');
  await looksAt(tab, shop, BOOTS);
  on(spec, 2);
  await tab.goto(shop.url());
  await tab.announced("ready");
  assert.equal(await tab.text("h1"), first);
  assert.deepEqual(
    await tab.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("tailorbird"))),
    [],
  );
});

scene("a basket worth keeping is offered to be kept when the mouse leaves", async ({ site, open }) => {
  const shop = site(shopSpec());
  const tab = await open(shop.url("/boots/kirkstone"));
  await tab.announced("ready");
  await tab.click('[data-consent-banner] [data-choice="granted"]');
  await tab.click("[data-buy] button");
  await tab.until(() => document.querySelector("[data-basket-count]").textContent === "1");
  await tab.engage(15);
  await tab.exitTop();
  await tab.until(() => window.openDialog() !== null);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await tab.picture("shop-prompt");
  await tab.key("Escape");
  await tab.until(
    () => window.openDialog() === null && window.seen.events.filter(({ name }) => name === "prompt").length > 1,
  );
  assert.deepEqual(
    (await tab.announcements("prompt")).map(({ outcome }) => outcome),
    ["shown", "dismissed"],
  );
  if (browser === "chromium") assert.equal(await shifted(tab), 0);
});

scene("the shop can be used by keyboard alone, from the skip link into the basket", async ({ site, open }) => {
  const shop = site(shopSpec());
  const tab = await open(shop.url("/boots/harrow-mid"));
  await tab.announced("ready");
  const active = () =>
    tab.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, boxShadow, outlineWidth } = getComputedStyle(element);
      return {
        what: `${element.tagName} ${element.className}`,
        buys: Boolean(element.closest("[data-buy]")) && element.matches("button"),
        skip: element.matches(".skip"),
        ring: (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none",
      };
    });
  await tab.key("Tab");
  const first = await active();
  assert.ok(first.skip, `first comes the skip link: ${JSON.stringify(first)}`);
  let reached = first;
  for (let i = 0; i < 40 && !reached.buys; i += 1) {
    await tab.key("Tab");
    reached = await active();
    assert.ok(reached.ring || reached.what.startsWith("BODY"), `focus is seen on ${JSON.stringify(reached)}`);
  }
  assert.ok(reached.buys, "the buy button is reached");
  await tab.key("Enter");
  await tab.until(() => document.querySelector("[data-basket-count]").textContent === "1");
});

scene("on a phone nothing scrolls sideways, on any page", async ({ site, open }) => {
  const shop = site(shopSpec());
  const tab = await open(shop.url());
  const { width } = await tab.viewport(browser === "webkit" ? 460 : 360, 740);
  for (const where of ["/", "/boots/", "/boots/harrow-mid", "/basket/", "/checkout/", "/thank-you/", "/privacy/"]) {
    await tab.goto(shop.url(where));
    await tab.announced("ready");
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${where} is ${wide} wide on ${width}`);
    if (where === "/") await tab.picture("shop-phone");
    if (where === "/boots/harrow-mid") await tab.picture("shop-phone-product");
  }
});

scene(
  "with the engine gone the shop still sells",
  { said: [/404|Failed to load|Loading failed|error loading/i] },
  async ({ site, open }) => {
    const shop = site(shopSpec({ files: { "/tailorbird.js": { status: 404, type: "text/plain", body: "gone" } } }));
    const tab = await open(shop.url("/tents/linnet-2"));
    await tab.click('[data-consent-banner] [data-choice="denied"]');
    await tab.click("[data-buy] button");
    await tab.until(() => document.querySelector("[data-basket-count]").textContent === "1");
    await tab.goto(shop.url("/basket/"));
    await tab.until(() => document.querySelector("[data-basket-lines] h2 a")?.textContent === "Linnet 2");
  },
);

if (browser === "chromium") {
  scene("in dark mode the shop is dark", async ({ site, open }) => {
    const shop = site(shopSpec());
    const tab = await open();
    await tab.media({ dark: true });
    await tab.goto(shop.url());
    await tab.announced("ready");
    /** @param {string} colour */
    const light = (colour) =>
      colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0);
    const [background, colour] = await tab.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.body).color,
    ]);
    assert.ok(light(background) < light(colour), `${colour} on ${background}`);
    await tab.picture("shop-dark");
  });
}
