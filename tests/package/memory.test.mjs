/** The engine's memory: what is needed stays, what is not needed makes room, between one message and the next. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { glue, happening, Page, shop, wasm } from "../../scripts/bench/track.mjs";
import { Chance } from "../../scripts/oracle/chance.mjs";

const NOW = Date.UTC(2026, 2, 2, 10);
const MB = 1_000_000;
const { tie, plain } = await glue();
const [bytes, config] = await Promise.all([wasm(), shop()]);

const instance = async () => {
  const { imports, engines } = tie();
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  return { engines: engines(instance), plain, size: () => instance.exports.memory.buffer.byteLength };
};

/** Everything that an engine answers to 400 events of one visitor, and in the end all that it knows. */
const life = (core, between = () => {}, shopped = config) => {
  const chance = new Chance(3);
  const page = new Page(core, shopped, null, NOW);
  const answers = [];
  for (let count = 0; count < 400; count += 1) {
    between(count);
    const now = NOW + count * 5_000;
    const effects = page.track(...happening(chance), now);
    page.apply(effects, now);
    between(count);
    if (page.due) page.fold(now);
    answers.push(effects, page.profile, page.engine.receive({ ask: "peek", slot: "hero" }, now));
  }
  answers.push(page.engine.receive({ ask: "export" }, NOW + 9_000_000));
  page.engine.free();
  return answers;
};

test("what is needed stays, however often what is not needed is taken back meanwhile", async () => {
  const core = await instance();
  const other = core.engines(config, 1, 1);
  const much = "much".repeat(150_000);
  const answers = life(core, count => {
    // More than is handed out between two collections, so that there is one at each message.
    other.receive({ signal: "attributes", attributes: { much: much + count } }, NOW);
  });
  assert.deepEqual(answers, life(await instance()));
  assert.ok(core.size() < 16 * MB, `${core.size()} bytes`);
});

test("a page that stays open for 20,000 events needs no more memory in the end than after 2,000", async () => {
  const core = await instance();
  const chance = new Chance(4);
  const page = new Page(core, config, null, NOW);
  let early = 0;
  for (let count = 0; count < 20_000; count += 1) {
    page.live(chance, NOW + count * 5_000);
    if (count == 2_000) early = core.size();
  }
  assert.ok(core.size() <= early + MB, `${early} bytes, later ${core.size()}`);
  assert.ok(core.size() < 8 * MB, `${core.size()} bytes`);
});

test("two hundred engines, one after the other, need the memory of a few", async () => {
  const core = await instance();
  for (let count = 0; count < 200; count += 1) {
    const page = new Page(core, config, null, NOW);
    page.track("view_item", { items: [{ item_id: "a", item_category: "boots" }] }, NOW);
    page.engine.free();
  }
  assert.ok(core.size() < 8 * MB, `${core.size()} bytes`);
});

test("what is needed stays as well where a page answers the engine's question by asking it something", async () => {
  const when = { "visitor.events.view_item": { $gte: 3 }, "page.path": { $regex: "^/boots" } };
  const asking = { ...config, segments: [...config.segments, { id: "path", when }] };
  const core = await instance();
  const other = core.engines(config, 1, 1);
  const much = "much".repeat(150_000);
  const { test: own } = RegExp.prototype;
  let asked = 0;
  RegExp.prototype.test = function (text) {
    asked += 1;
    for (let count = 0; count < 3; count += 1) other.receive({ signal: "attributes", attributes: { much: much + count } }, NOW);
    return own.call(this, text);
  };
  let answers;
  try {
    answers = life(core, undefined, asking);
  } finally {
    RegExp.prototype.test = own;
  }
  assert.ok(asked > 20, `${asked}`);
  assert.deepEqual(answers, life(await instance(), undefined, asking));
});
