/**
 * What developers inspect, and the sandbox they try things out in, through the wasm: on a page with storage, of which
 * nothing changes meanwhile.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { installPage, loadEngine, Visit } from "../../scripts/bench/stub_page.mjs";

const DAY = 86_400_000;
const CONFIG = {
  version: 1,
  interests: { prior: 0 },
  segments: [
    { id: "readers", when: { "session.views": { $gte: 2 } } },
    { id: "phones", when: { "device.class": "phone" } },
  ],
  slots: [
    {
      id: "hero",
      goal: "purchase",
      experiment: "hero-test",
      choose: [{ by: "interest", events: 1, min: 0.5 }, { by: "segment" }, { by: "popular" }],
      variants: [
        { id: "boots", tags: { category: "boots" }, content: { text: { "": "Boots" } } },
        { id: "small", segment: "phones", content: { text: { "": "Small" } } },
        { id: "sale", weight: 1, content: { text: { "": "Sale" } } },
      ],
    },
    {
      id: "strip",
      experiment: "strip-test",
      choose: [{ by: "experiment" }],
      variants: [{ id: "free", content: { text: { "": "Free" } } }],
    },
  ],
  experiments: {
    experiments: [{ key: "strip-test", variations: ["control", "free"], meta: [{ key: "control" }, { key: "free" }] }],
  },
  prompts: [{ id: "letter", on: { engaged: "10s" }, content: { title: "A letter?", accept: "Yes", decline: "No" } }],
};
const boots = { items: [{ item_id: "b-7", item_category: "boots", price: 129 }] };

const loaded = await loadEngine();
const page = installPage({ now: Date.UTC(2026, 2, 2, 10) });

/** Everything that is stored. */
const stored = () => JSON.stringify([...page.localStorage.items]);

const begin = () => {
  page.localStorage.items.clear();
  const visit = new Visit(loaded, CONFIG, page);
  page.advance(2_000);
  return visit;
};

/** @param {{ [name: string]: unknown }} object */
const names = (object) => Object.keys(object).sort();

test("an inspection has every part, as its types say", () => {
  const { engine } = begin();
  const { slots, prompts, segments, experiments, ...rest } = engine.inspect();
  assert.deepEqual(names(rest), ["at", "attributes", "consent", "interests", "previews", "profile", "timeline"]);
  assert.deepEqual(
    slots.map(({ explanation, variants, strategies, present, shown }) => [
      explanation.slot,
      variants,
      strategies.map(({ by, variant }) => [by, variant]),
      present,
      shown,
    ]),
    [
      [
        "hero",
        ["boots", "small", "sale"],
        [
          ["interest", null],
          ["segment", null],
          ["popular", "sale"],
        ],
        true,
        "sale",
      ],
      ["strip", ["free"], [["experiment", slots[1]?.shown]], true, slots[1]?.shown],
    ],
  );
  const reasons = slots[0]?.reasons ?? [];
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["too-few-events", "no-segment", "popular"],
  );
  assert.deepEqual(
    reasons.map(({ text }) => text),
    slots[0]?.explanation.reasons,
  );
  const failed = { attribute: "session.views", operator: "$gte", expected: 2, actual: 1, negated: false };
  assert.deepEqual(segments[0], { segment: "readers", in: false, since: null, failed });
  const [experiment] = experiments;
  assert.deepEqual([experiment?.experiment, experiment?.where], ["strip-test", "strip"]);
  assert.deepEqual(experiment?.shares, { control: 0.5, free: 0.5 });
  assert.ok(Number(experiment?.bucket) >= 0 && Number(experiment?.exposed) > 0, JSON.stringify(experiment));
  const [prompt] = prompts;
  assert.deepEqual(names({ ...prompt }), ["due", "gates", "open", "prompt", "variant", "variants"]);
  const closed = prompt?.gates.filter(({ open }) => !open).map(({ gate }) => gate);
  assert.deepEqual(closed, ["page-age", "trigger"]);
});

test("what is tried out in a sandbox changes neither what is stored nor what the page shows", () => {
  const { engine } = begin();
  const [before, inspected] = [stored(), engine.inspect()];
  /** @type {string[]} */
  const heard = [];
  const hear = (/** @type {Event} */ { type }) => void heard.push(type);
  const events = ["decision", "segment", "prompt", "impression", "consent"].map((name) => `tailorbird:${name}`);
  for (const type of events) document.addEventListener(type, hear);
  for (const copy of [true, false]) {
    const sandbox = engine.sandbox(copy);
    assert.ok(sandbox);
    const shown = () => sandbox.inspect().slots[0]?.shown;
    assert.equal(shown(), "sale");
    sandbox.track("view_item", boots);
    assert.equal(shown(), "boots");
    sandbox.correct("category:boots", 0.1);
    sandbox.track("view_item", { items: [{ item_id: "t-1", item_category: "tents" }] });
    sandbox.force("phones", true);
    assert.equal(shown(), "small");
    sandbox.force("phones", null);
    assert.equal(shown(), "sale");
    sandbox.attributes({ plan: "pro" });
    assert.equal(sandbox.inspect().attributes["plan"], "pro");
    const { at } = sandbox.inspect();
    sandbox.advance(7 * DAY);
    assert.equal(sandbox.inspect().at, at + 7 * DAY);
    sandbox.pageView({ address: "/tents/?utm_source=news", device: "phone" });
    const { attributes } = sandbox.inspect();
    assert.deepEqual(attributes["campaign"], { source: "news" });
    assert.equal(shown(), "small");
    sandbox.free();
  }
  for (const type of events) document.removeEventListener(type, hear);
  page.settle();
  assert.deepEqual(heard, []);
  assert.equal(stored(), before);
  assert.deepEqual(engine.inspect(), inspected);
});

test("the counts of the device say what came of what was shown", () => {
  const visit = begin();
  visit.track("purchase", { ...boots, value: 129, transaction_id: "A-1" });
  const { since, sessions, slots, prompts, experiments } =
    /** @type {import("../../www/loader/types.js").DeviceReport} */ (visit.engine.report());
  assert.deepEqual([sessions, prompts, experiments.length], [1, [], 1]);
  assert.ok(Number(since) > 0);
  const hero = slots.find(({ slot }) => slot == "hero");
  assert.deepEqual(hero, { slot: "hero", variant: "sale", exposures: 1, impressions: 0, conversions: 1, rate: 1 });
});
