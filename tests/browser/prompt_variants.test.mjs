// Prompts with variants: what is asked, and what the page, the site and the device hear of it.
import assert from "node:assert/strict";
import { clock } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

const START = Date.UTC(2026, 4, 20, 10, 0, 0);

/** @param {string} title */
const says = (title) => ({ title, accept: "Yes", decline: "No thanks" });

/** @param {object} prompt */
const page = (prompt) => ({
  lang: "en",
  config: {
    version: 1,
    segments: [{ id: "hikers", when: { "interest.category.boots": { $gt: 0.5 } } }],
    prompts: [{ id: "letter", on: { call: true }, ...prompt }],
  },
  tag: { "data-consent": "granted" },
  body: "<h1>Boots</h1>",
  before: [[clock, START, false]],
});

/** @param {Tab} tab */
const ask = async (tab) => {
  await tab.announced("ready");
  await tab.evaluate(() => {
    window.clock.advance(5_000);
    window.tailorbird.prompt("letter");
  });
  return tab.announced("prompt");
};

scene("a prompt says what its strategies choose for the visitor", async ({ site, open }) => {
  const variants = [
    { id: "boots", segment: "hikers", content: says("A letter about boots?") },
    { id: "all", weight: 1, content: says("A letter now and then?") },
  ];
  const tab = await open(site(page({ choose: [{ by: "segment" }, { by: "popular" }], variants })).url());
  await tab.announced("ready");
  await tab.evaluate(() => {
    for (let time = 0; time < 5; time++)
      window.tailorbird.track("view_item", { items: [{ item_id: `b-${time}`, item_category: "boots" }] });
  });
  assert.deepEqual(await ask(tab), { prompt: "letter", variant: "boots", outcome: "shown" });
  const said = await tab.until(
    () => document.querySelector("tailorbird-prompt")?.shadowRoot?.getElementById("title")?.textContent,
  );
  assert.equal(said, "A letter about boots?");
  const [explained] = await tab.evaluate(() => window.tailorbird.explain("prompts"));
  assert.deepEqual(explained, { prompt: "letter", variant: "boots", due: true, reasons: [] });
});

scene("visitors in a holdout are not asked, load nothing for it, and are counted", async ({ site, open }) => {
  const held = page({ holdout: 1, goal: "purchase", content: says("A letter now and then?") });
  const tab = await open(site(held).url());
  assert.deepEqual(await ask(tab), { prompt: "letter", variant: null, outcome: "withheld" });
  await tab.evaluate(() =>
    window.tailorbird.track("purchase", { transaction_id: "A-1", items: [{ item_id: "b-7", price: 129 }] }),
  );
  const counts = await tab.evaluate(async () => (await window.tailorbird.export()).prompts);
  const outcomes = { shown: 0, seen: 0, accepted: 0, declined: 0, dismissed: 0, submitted: 0, withheld: 1 };
  assert.deepEqual(counts, [{ prompt: "letter", variant: null, ...outcomes, conversions: 1 }]);
  const loaded = await tab.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  assert.ok(!loaded.some((name) => name.includes("tailorbird-prompt")), String(loaded));
  assert.equal(await tab.evaluate(() => document.querySelector("tailorbird-prompt")), null);
});
