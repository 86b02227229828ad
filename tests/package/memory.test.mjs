/** The engine's memory stays within bounds: on a page that stays open, and over many engines. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { installPage, loadEngine, Visit } from "../../scripts/bench/stub_page.mjs";
import { happening, shop } from "../../scripts/bench/track.mjs";
import { Chance } from "../../scripts/oracle/chance.mjs";

const NOW = Date.UTC(2026, 2, 2, 10);
const MB = 1_000_000;
const [loaded, config] = await Promise.all([loadEngine(), shop()]);
const page = installPage({ now: NOW });

test("a page that stays open for 20,000 events needs no more memory in the end than after 2,000", () => {
  const chance = new Chance(4);
  const visit = new Visit(loaded, config, page);
  let early = 0;
  for (let count = 0; count < 20_000; count += 1) {
    visit.track(...happening(chance));
    page.advance(5_000);
    if (count == 2_000) early = loaded.memoryBytes();
  }
  const { events } = /** @type {{ attributes: { visitor: { events: { view_item: number } } } }} */ (
    visit.engine.profile()
  ).attributes.visitor;
  assert.ok(events.view_item > 1_000, "events are recorded");
  visit.end();
  const late = loaded.memoryBytes();
  assert.ok(late <= early + MB, `${early} bytes, later ${late}`);
  assert.ok(late < 8 * MB, `${late} bytes`);
});

test("two hundred engines, one after the other, need the memory of a few", () => {
  const chance = new Chance(5);
  for (let count = 0; count < 200; count += 1) {
    const visit = new Visit(loaded, config, page);
    visit.track(...happening(chance));
    page.advance(5_000);
    visit.end();
  }
  assert.ok(loaded.memoryBytes() < 8 * MB, `${loaded.memoryBytes()} bytes`);
});
