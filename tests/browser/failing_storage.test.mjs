// Storage that fails in the middle of a visit: the visit goes on in memory, and says so once.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { rig } from "./rig/rig.mjs";
import { body, config, looks, tracked } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

const granted = { "data-consent": "granted" };

/**
 * Runs in the page: from now on these parts of storage throw.
 *
 * @param {string[]} parts
 */
const fail = (parts) => {
  const refuse = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  for (const part of parts) {
    if (part === "localStorage") Object.defineProperty(window, "localStorage", { configurable: true, get: refuse });
    else if (part === "length") Object.defineProperty(Storage.prototype, "length", { configurable: true, get: refuse });
    else Storage.prototype[part] = refuse;
  }
};
const FAILURES = [
  ["getItem"],
  ["setItem"],
  ["removeItem"],
  ["key"],
  ["length"],
  ["getItem", "setItem", "removeItem", "key", "length", "clear"],
  ["localStorage"],
];

/**
 * Everything after which the engine looks at what is kept, or writes.
 *
 * @param {Tab} tab
 */
const stir = async (tab) => {
  await tab.evaluate(tracked, looks("tents", 8));
  await tab.evaluate(() => {
    window.dispatchEvent(new StorageEvent("storage", { key: "tailorbird.v1", oldValue: null, newValue: "x" }));
    window.tailorbird.profile();
    window.tailorbird.export();
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  });
  await pause(150);
};

/** @param {string[]} parts */
const named = (parts) => (parts.length > 1 ? "all of storage" : parts[0]);

scene(
  "where a part of storage fails in mid-visit the visit goes on in memory, and says so once",
  { timeout: 90_000 },
  async ({ site, open }) => {
    const tab = await open();
    for (const parts of FAILURES) {
      const shop = site({ config: config(), body, tag: granted });
      await tab.goto(shop.url());
      await tab.announced("ready");
      await tab.evaluate(tracked, looks("boots"));
      await tab.until(() => localStorage.length > 0);
      await tab.evaluate(fail, parts);
      await stir(tab);
      // More than one journal holds, and time to fold: every part is needed at some time.
      for (let round = 0; round < 4; round += 1) {
        await tab.evaluate(tracked, looks("tents", 20));
        await pause(250);
      }
      await pause(1_500);
      const what = named(parts);
      assert.equal(await tab.evaluate(() => window.tailorbird.available), true, what);
      assert.deepEqual(await tab.announcements("unavailable"), [], what);
      assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), "tents", what);
      const resets = await tab.announcements("storage-reset");
      assert.ok(resets.length <= 1, `${what}: ${JSON.stringify(resets)}`);
      if (parts.length > 1 || parts[0] === "setItem") assert.equal(resets.length, 1, `${what}: said once`);
    }
  },
);

scene(
  "where a part of storage fails a no and erasing still end what is known, and end nothing else",
  { timeout: 90_000 },
  async ({ site, open }) => {
    const tab = await open();
    for (const parts of FAILURES) {
      for (const word of ["consent", "erase"]) {
        const shop = site({ config: config(), body, tag: granted });
        await tab.goto(shop.url());
        await tab.announced("ready");
        await tab.evaluate(tracked, looks("boots"));
        await tab.until(() => localStorage.length > 0);
        await tab.evaluate(fail, parts);
        await tab.evaluate(
          (name) =>
            name === "consent" ? window.tailorbird.consent({ personalize: false }) : window.tailorbird.erase(),
          word,
        );
        await pause(200);
        const what = `${word} where ${named(parts)} fails`;
        assert.equal(await tab.evaluate(() => window.tailorbird.available), true, what);
        assert.deepEqual(await tab.announcements("unavailable"), [], what);
        assert.equal(
          await tab.evaluate(() => JSON.stringify(window.tailorbird.export()).includes("boots")),
          false,
          `${what}: nothing is known any more`,
        );
        assert.ok((await tab.announcements("storage-reset")).length <= 1, what);
      }
    }
  },
);
