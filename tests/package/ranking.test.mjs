/**
 * The chunk that reads the site model answers in wasm what the native tool answers, to the last bit: for a thousand
 * recorded sessions of the shop, at every step.
 */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
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

test("a model that is split loads the file of a category when it is asked, once, and answers as natively", async (t) => {
  const { open } = await import(new URL("dist/tailorbird-recommend.js", root).href);
  const folder = mkdtempSync(join(tmpdir(), "tailorbird-shards-"));
  t.after(() => rmSync(folder, { recursive: true }));
  // Addresses are those of a page.
  Reflect.set(globalThis, "document", { baseURI: "https://shop.example/boots/" });
  t.after(() => Reflect.deleteProperty(globalThis, "document"));
  const [model, sessions] = [join(folder, "shop.tbm"), at("www/shop/sessions.csv")];
  const trained = await runToolBeside(["train", "--sessions", sessions, "--out", model, "--shard-above", "1000"]);
  assert.equal(trained.status, 0, trained.err);
  const words = ["evaluate", "ranking", "--model", model, "--sessions", sessions, "--most", "200"];
  const { history, answers } = JSON.parse((await runToolBeside(words)).out);

  /** @type {string[]} */
  const loaded = [];
  /** @param {string} address */
  const load = async (address) => {
    loaded.push(address);
    return readFileSync(new URL(basename(new URL(address).pathname), pathToFileURL(`${folder}/`)));
  };
  const { rank, prepare } = await open(readFileSync(model), "/models/shop.tbm?day=7", load);
  assert.deepEqual(loaded, [], "nothing is asked");
  for (const [step, seen] of history.entries()) {
    const request = { kind: "for-you", history: seen, ofPage: true, count: 20 };
    await Promise.all([prepare(request), prepare(request)]);
    assert.deepEqual(rank(request), answers[step], `after ${seen.join(", ")}`);
  }
  const categories = ["boots", "packs", "stoves", "tents"];
  const addresses = categories.map((category) => `https://shop.example/models/shop.${category}.tbm?day=7`);
  assert.deepEqual(loaded.sort(), addresses, "each once, beside the model");
});
