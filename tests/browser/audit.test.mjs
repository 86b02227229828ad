// `tailorbird.audit()`: what it lists is what the test itself observes, by patching what the engine has to call.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { countTouches, watchNetwork } from "./rig/before.mjs";
import { body, config, looks, queued, tracked } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

/**
 * Runs in the page: what the engine lists and what was observed, at the same moment. Asked twice, because the chunk that
 * answers has to be loaded, and meanwhile the engine goes on.
 */
const listedAndObserved = async () => {
  // What it prints is told by a scene of its own; elsewhere the console is to be silent.
  console.log = console.table = () => {};
  await window.tailorbird.audit();
  const audit = await window.tailorbird.audit();
  if (!audit) throw new Error("there is no engine");
  const observed = window.counted();
  /** @type {string[]} */
  const listed = audit.listeners.map(({ target, type, count }) => `listener ${target} ${type}: ${count}`);
  for (const { area, key, ...touches } of audit.storage) {
    for (const how of /** @type {const} */ (["read", "written", "removed"])) {
      if (touches[how]) listed.push(`${how} ${area} ${key}: ${touches[how]}`);
    }
  }
  return { audit, observed, listed: listed.sort() };
};

/** @param {Tab} tab */
const agrees = async (tab) => {
  const { audit, observed, listed } = await tab.evaluate(listedAndObserved);
  assert.deepEqual(listed, observed);
  return audit;
};

const prompt = {
  id: "ask",
  on: { event: "ask_now" },
  content: { title: "Keep your basket?", body: "On this device.", accept: "Keep it", decline: "No thanks" },
};

scene("before anybody has spoken of consent it lists no key, no request but files, and all listeners", async (at) => {
  const { site, open } = at;
  const shop = site({ config: config(), body, before: [countTouches, watchNetwork, [queued, looks("boots")]] });
  const tab = await open(shop.url());
  await tab.announced("decision");
  const { consent, imports, storage, listeners, requests } = await agrees(tab);
  assert.deepEqual(consent, { personalize: null, measure: false, source: "site" });
  assert.deepEqual(storage, []);
  assert.ok(listeners.length > 5, JSON.stringify(listeners));
  assert.ok(imports.length > 100, "every import is listed");
  assert.deepEqual(
    imports.filter(({ network }) => network),
    [],
  );
  const paths = requests.map(({ address }) => new URL(address).pathname).sort();
  assert.deepEqual(paths, [...new Set(shop.engineRequests())].sort());
  const sent = await tab.evaluate(() => window.sent);
  assert.deepEqual(sent, ["fetch /tailorbird.json"], "what scripts sent is in the list as well");
});

scene("with consent it lists every key that was read, written or removed, and how often", async ({ site, open }) => {
  const shop = site({
    config: config({ prompts: [prompt] }),
    body,
    tag: { "data-consent": "granted" },
    before: [countTouches, [queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.evaluate(tracked, looks("tents", 4));
  await tab.until(() => window.counted().some((line) => line.startsWith("written localStorage tailorbird.t.")));
  const { consent, storage } = await agrees(tab);
  assert.equal(consent.personalize, true);
  assert.ok(storage.every(({ area, key }) => area === "localStorage" && /^(\*|tailorbird\..*)$/.test(key)));
  // A prompt is a chunk of its own, and its listeners are in the list as well.
  const before = (await agrees(tab)).listeners;
  await tab.evaluate(() => window.tailorbird.track("ask_now", {}));
  await tab.until(() => document.querySelector("tailorbird-prompt") !== null);
  const after = (await agrees(tab)).listeners;
  assert.ok(after.length > before.length, JSON.stringify(after));
});

scene("after a withdrawal what was touched before is still in the list, and so are the removals", async (at) => {
  const { site, open } = at;
  const shop = site({
    config: config(),
    body,
    tag: { "data-consent": "session" },
    before: [countTouches, [queued, looks("boots")]],
  });
  const tab = await open(shop.url());
  await tab.announced("decision");
  await tab.until(() => window.counted().some((line) => line.startsWith("written sessionStorage tailorbird.t.")));
  await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
  const { consent, storage } = await agrees(tab);
  assert.deepEqual(consent, { personalize: false, measure: false, source: "site" });
  const journal = storage.find(({ key }) => key.startsWith("tailorbird.t."));
  assert.ok(journal && journal.written > 0 && journal.removed > 0, JSON.stringify(storage));
});

scene("it prints tables, and where there is no engine it answers null", async ({ site, open }) => {
  const shop = site({ config: config(), body });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const printed = await tab.evaluate(async () => {
    /** @type {string[]} */
    const lines = [];
    console.log = (line) => void lines.push(String(line));
    console.table = (rows) => void lines.push(`${rows.length} rows`);
    await window.tailorbird.audit();
    window.tailorbird.stop();
    return { lines, stopped: await window.tailorbird.audit() };
  });
  assert.equal(printed.stopped, null);
  assert.equal(printed.lines[0], "tailorbird: consent in effect, by site");
  assert.ok(
    printed.lines.some((line) => /^tailorbird: wasm: \d+ imports, 0 of the network$/.test(line)),
    printed.lines.join("\n"),
  );
});
