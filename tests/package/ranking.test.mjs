/**
 * The chunk that reads the site model answers in wasm what the native tool answers, to the last bit: for a thousand
 * recorded sessions of the shop, at every step.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runToolBeside } from "../tool.mjs";

const root = new URL("../../", import.meta.url);
/** @param {string} path */
const at = (path) => fileURLToPath(new URL(path, root));

test("a model answers in wasm as natively, to the bit", async () => {
  const { open } = await import(new URL("dist/tailorbird-recommend.js", root).href);
  const [model, sessions] = [at("www/shop/shop.tbm"), at("www/shop/sessions.csv")];
  const { out, err, status } = await runToolBeside(["evaluate", "ranking", "--model", model, "--sessions", sessions]);
  assert.equal(status, 0, err);
  const { history, answers } = JSON.parse(out);
  const { rank, damaged } = await open(readFileSync(model));
  assert.deepEqual(damaged, []);
  assert.ok(history.length > 2_000, `${history.length} steps`);
  let items = 0;
  for (const [step, seen] of history.entries()) {
    const ranked = rank({ kind: "for-you", history: seen, count: 20 });
    // Numbers that are printed in full are the same when they are read: equal means to the bit.
    assert.deepEqual(ranked, answers[step], `after ${seen.join(", ")}`);
    items += ranked.length;
  }
  assert.ok(items > 10 * history.length, "there is something to compare");
});
