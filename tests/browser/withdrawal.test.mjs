// A visitor who says no in one tab while another is busy and goes on telling events: nothing stays, and a
// later yes begins anew.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, config, looks, SENT, tracked } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

/**
 * How often the visitor says no beside each kind of tab. In WebKit every question to a tab first turns to its window.
 *
 * @param {number} many
 * @param {number} few
 */
const times = (many, few) => (browser === "webkit" ? few : Number(process.env.WITHDRAWALS ?? many));

/**
 * Runs in the page: tells an event in each task; the tasks take so long and begin so often.
 *
 * @param {number} taskMs
 * @param {number} everyMs
 */
const beBusy = (taskMs, everyMs) => {
  window.generation = 0;
  const turn = () => {
    const end = performance.now() + taskMs;
    window.tailorbird.track(`seen_${window.generation}`);
    while (performance.now() < end);
    setTimeout(turn, everyMs);
  };
  setTimeout(turn);
};
/**
 * Runs in the page.
 *
 * @param {number} generation
 */
const allow = (generation) => {
  if (window.generation !== undefined) window.generation = generation;
  void window.tailorbird.consent({ personalize: true });
  window.tailorbird.track(`seen_${generation}`);
};
const keys = () => Object.keys(localStorage).filter((key) => key.startsWith("tailorbird"));
const isKept = () => Object.keys(localStorage).some((key) => key.startsWith("tailorbird.t."));
const areBothKept = () => Object.keys(localStorage).filter((key) => key.startsWith("tailorbird.t.")).length === 2;
const isDenied = () => window.tailorbird.profile().consent === "withdrawn";
const isEmpty = () => Object.keys(localStorage).every((key) => !key.startsWith("tailorbird"));
/**
 * Runs in the page: the events of before this generation that it knows of.
 *
 * @param {number} generation
 */
const older = (generation) =>
  Object.keys(window.tailorbird.profile().attributes?.visitor?.events ?? {}).filter(
    (name) => Number(name.slice(5)) < generation,
  );
/**
 * Runs in the page: it knows of no event of before this generation.
 *
 * @param {number} generation
 */
const hasForgotten = (generation) =>
  Object.keys(window.tailorbird.profile().attributes?.visitor?.events ?? {}).every(
    (name) => Number(name.slice(5)) >= generation,
  );

/** @type {[what: string, taskMs: number, everyMs: number, count: number][]} */
const KINDS = [
  ["runs tasks of 50 ms", 50, 0, times(60, 6)],
  ["runs tasks of 200 ms", 200, 0, times(20, 3)],
  ["tells an event every 50 ms", 0, 50, times(20, 3)],
];

for (const [what, taskMs, everyMs, count] of KINDS) {
  scene(
    `a no beside a tab that ${what} leaves nothing on the device, and a later yes counts nothing from before`,
    { timeout: 30_000 + count * 4_000 },
    async ({ site, open }) => {
      const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
      const busy = await open(shop.url());
      await busy.announced("ready");
      const tab = await open(shop.url());
      await tab.announced("ready");
      await busy.evaluate(beBusy, taskMs, everyMs);
      const left = [];
      const remembered = [];
      for (let round = 0; round < count; round += 1) {
        for (const each of [tab, busy]) await each.evaluate(allow, round);
        // Each process sees a moment later what the other wrote.
        for (const each of [tab, busy]) await each.until(areBothKept);
        // At another moment of the other tab's task each time.
        await pause((round * 37) % 120);
        for (const each of [tab, busy]) remembered.push(...(await each.evaluate(older, round)));
        await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
        await tab.until(isEmpty).catch(async () => left.push(`${round}: ${await tab.evaluate(keys)}`));
        await busy.until(isDenied);
        // The other tab has had its turn, and more than one.
        await pause(taskMs * 2 + 50);
        const again = await tab.evaluate(keys);
        if (again.length > 0) left.push(`${round}, again: ${again}`);
      }
      assert.deepEqual(left, []);
      assert.deepEqual(remembered, []);
      await busy.until(isEmpty);
      await busy.close();
      const last = await open(shop.url());
      await last.announced("ready");
      assert.deepEqual(await last.evaluate(older, count), []);
    },
  );
}

scene("erasing beside a busy tab forgets what both knew", { timeout: 60_000 }, async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
  const busy = await open(shop.url());
  await busy.announced("ready");
  const tab = await open(shop.url());
  await tab.announced("ready");
  await busy.evaluate(beBusy, 50, 0);
  for (let round = 1; round <= times(10, 3); round += 1) {
    await tab.until(isKept);
    await pause((round * 37) % 120);
    // What is told from now on is of the next generation, and may be known.
    await busy.evaluate((generation) => {
      window.generation = generation;
    }, round);
    await tab.evaluate(() => window.tailorbird.erase());
    for (const each of [tab, busy]) await each.until(hasForgotten, round);
  }
  await busy.close();
  const last = await open(shop.url());
  await last.announced("ready");
  assert.deepEqual(await last.evaluate(older, times(10, 3)), []);
});

scene("a no in one tab is a no in a tab that the browser has put to sleep, when it wakes", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
  const asleep = await open(shop.url());
  await asleep.announced("ready");
  const tab = await open(shop.url());
  await tab.announced("ready");
  await asleep.evaluate(allow, 1);
  await asleep.until(isKept);
  // One long task, as when a page is frozen: it hears of nothing meanwhile, and then writes at once.
  await asleep.evaluate(() => {
    setTimeout(() => {
      const end = performance.now() + 1_500;
      while (performance.now() < end);
      window.tailorbird.track("seen_1");
      window.awake = true;
    }, 50);
  });
  await pause(300);
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  await asleep.until(() => window.awake);
  await pause(300);
  assert.deepEqual(await tab.evaluate(keys), []);
  assert.equal(await asleep.evaluate(() => window.tailorbird.profile().consent), "withdrawn");
  await asleep.evaluate(() => window.tailorbird.track("seen_1"));
  await pause(300);
  assert.deepEqual(await tab.evaluate(keys), []);
});

scene(
  "a no in one of four tabs empties the device within 100 ms, reverts all of them, and nothing is written later",
  { timeout: 90_000 },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: { "data-consent": "granted" } });
    /** @type {Tab[]} */
    const tabs = [];
    for (let at = 0; at < 4; at += 1) {
      const tab = await open(shop.url());
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("boots"));
      await tab.until(isKept);
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.until(() => document.querySelector("h1")?.textContent.startsWith("Boots"));
    const [first] = tabs;
    const ms = await first.evaluate(async () => {
      const start = performance.now();
      await window.tailorbird.consent({ personalize: false });
      const isEmpty = () => Object.keys(localStorage).every((key) => !key.startsWith("tailorbird"));
      while (!isEmpty() && performance.now() - start < 5_000) await new Promise((done) => setTimeout(done));
      return performance.now() - start;
    });
    assert.ok(ms < 100, `empty after ${ms} ms`);
    for (const tab of tabs) {
      await tab.until(isDenied);
      assert.equal(await tab.text("h1"), SENT);
      await tab.evaluate(tracked, looks("tents"));
    }
    await pause(1_000);
    for (const tab of tabs) assert.deepEqual(await tab.evaluate(keys), []);
  },
);
