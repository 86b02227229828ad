// Four tabs on one site, a thousand events each, and tabs that are killed: what was flushed counts once.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { clock } from "./rig/before.mjs";
import { body, config } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const TABS = 4;
const EVENTS = 1_000;
const BURST = 50;
const START = Date.UTC(2026, 2, 2, 10);

/**
 * The process is gone, or at least the page, without asking it.
 *
 * @param {Tab} tab
 */
const kill = async (tab) => {
  const { page } = tab;
  if (tab.browser !== "chromium" || !page) return tab.close();
  const protocol = await page.createCDPSession();
  // What has crashed does not answer.
  protocol.send("Page.crash").catch(() => {});
  await new Promise((resolve) => page.once("error", resolve));
  await page.close().catch(() => {});
};

/**
 * Runs in the page: a burst, in a second of its own, because more than a hundred a second are dropped.
 *
 * @param {string} name
 * @param {number} count
 * @param {number} at
 */
const burst = (name, count, at) => {
  window.clock.set(at);
  for (let i = 0; i < count; i += 1) window.tailorbird.track(name);
};

/** Runs in the page: folding keeps up. */
const caughtUp = () =>
  Object.keys(localStorage).every(
    (key) => !key.startsWith("tailorbird.t.") || String(localStorage.getItem(key)).length < 6_000,
  );

/**
 * Places that look drawn, the same every time (Knuth's MMIX).
 *
 * @param {number} seed
 */
const draws = (seed) => {
  let state = BigInt(seed);
  return (/** @type {number} */ limit) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) & 0xffff_ffff_ffff_ffffn;
    return Number(state >> 33n) % limit;
  };
};

// WebKit's driver has one window in front; what lies behind is not given the time to fold.
if (process.env.BROWSER !== "webkit") {
  const { scene } = await rig();
  scene(
    "of four tabs that are killed again and again every flushed event counts exactly once",
    { timeout: 60_000 },
    async ({ site, open }) => {
      const shop = site({ config: config(), body, tag: { "data-consent": "granted" }, before: [[clock, START, true]] });
      const below = draws(7);
      const fresh = async () => {
        const tab = await open(shop.url());
        await tab.announced("ready");
        return tab;
      };
      const tabs = [];
      for (let place = 0; place < TABS; place += 1) tabs.push({ tab: await fresh(), told: 0 });
      let second = 0;
      let killed = 0;
      for (let left = tabs; left.length > 0; left = tabs.filter(({ told }) => told < EVENTS)) {
        const one = left[below(left.length)];
        second += 1;
        await one.tab.evaluate(burst, `tab_${tabs.indexOf(one)}`, BURST, START + second * 1_000);
        one.told += BURST;
        if (below(8) === 0) {
          await kill(one.tab);
          one.tab = await fresh();
          killed += 1;
        }
        await one.tab.until(caughtUp);
      }
      assert.ok(killed >= 5, `${killed} tabs were killed`);
      for (const { tab } of tabs) await kill(tab);
      const last = await fresh();
      const events = () => window.tailorbird.profile().attributes.visitor.events;
      await last.until(caughtUp);
      const counted = await last.evaluate(events);
      for (let place = 0; place < TABS; place += 1) assert.equal(counted[`tab_${place}`], EVENTS, `of tab ${place}`);
      // And as it is stored: the next page knows the same.
      await last.goto(shop.url());
      await last.announced("ready");
      assert.deepEqual(await last.evaluate(events), counted);
      assert.deepEqual(await last.announcements("storage-reset"), []);
    },
  );
}
