/**
 * `reports()` of the package, through its wasm: what the site's code gets, and with which randomness. In Node
 * everything is kept in memory, so that days can pass on one object.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

const { start } = await import(new URL("../../dist/index.js", import.meta.url).href);

const DAY = 86_400_000;
const CONFIG = {
  version: 1,
  slots: [
    {
      id: "hero",
      experiment: "hero-test",
      choose: [{ by: "experiment" }],
      variants: [{ id: "boots", content: { text: { h1: "Boots" } } }],
    },
  ],
  experiments: { experiments: [{ key: "hero-test", variations: ["control", "boots"] }] },
  measure: { reports: { "hero-test": { goal: "add_to_cart", epsilon: 4 } } },
};

/**
 * Runs `visit` with a clock that it can set forward.
 *
 * @param {(pass: (days: number) => void) => Promise<void>} visit
 */
const withClock = async (visit) => {
  const { now } = Date;
  let passed = 0;
  Date.now = () => now.call(Date) + passed;
  try {
    await visit((days) => {
      passed += days * DAY;
    });
  } finally {
    Date.now = now;
  }
};

const begin = async () => {
  const tailorbird = await start({ config: CONFIG, consent: "granted" });
  tailorbird.consent({ measure: true });
  tailorbird.decide("hero");
  return tailorbird;
};

test("a report is handed out once, on the day on which it is due", () =>
  withClock(async (pass) => {
    const tailorbird = await begin();
    tailorbird.track("add_to_cart", { value: 129 });
    assert.deepEqual(tailorbird.reports(), []);
    assert.equal(tailorbird.export().reports[0].stage, "awaited");
    pass(8);
    const [{ variation, outcome, day, ...rest }, ...others] = tailorbird.reports();
    assert.deepEqual(rest, { schema: 1, experiment: "hero-test", outcomes: 2, epsilon: 4 });
    assert.ok(["0", "1"].includes(variation) && [0, 1].includes(outcome), `${variation} ${outcome}`);
    assert.equal(day, new Date(Date.now()).toISOString().slice(0, 10));
    assert.deepEqual([others, tailorbird.reports()], [[], []]);
    assert.equal(tailorbird.export().reports[0].stage, "handed-out");
  }));

test("without consent to measure there is none", () =>
  withClock(async (pass) => {
    const tailorbird = await start({ config: CONFIG, consent: "granted" });
    tailorbird.decide("hero");
    pass(8);
    assert.deepEqual([tailorbird.reports(), tailorbird.export().reports], [[], []]);
  }));

test("noise is the platform's: of many visitors most responses are true, some are not, and they differ", () =>
  withClock(async (pass) => {
    const visitors = await Promise.all(Array.from({ length: 400 }, begin));
    pass(8);
    const reached = visitors.flatMap((tailorbird) => tailorbird.reports()).filter(({ outcome }) => outcome === 1);
    // Nobody has reached the goal: 1.8 % of responses say so, 7.2 of 400. That none does, or 21, has a chance of less
    // than 0.1 %.
    assert.ok(reached.length > 0 && reached.length < 21, `${reached.length} of 400`);
  }));

test("where the page has broken its crypto no report begins", () =>
  withClock(async (pass) => {
    const original = Object.getOwnPropertyDescriptor(globalThis, "crypto");
    const broken = {
      getRandomValues: () => {
        throw new Error("broken");
      },
    };
    Object.defineProperty(globalThis, "crypto", { configurable: true, value: broken });
    try {
      const tailorbird = await begin();
      assert.equal(tailorbird.available, true);
      pass(8);
      assert.deepEqual([tailorbird.reports(), tailorbird.export().reports], [[], []]);
      assert.equal(tailorbird.export().exposures.length, 1, "everything else goes on");
    } finally {
      Object.defineProperty(globalThis, "crypto", /** @type {PropertyDescriptor} */ (original));
    }
  }));
