/** The wasm on its way: taken apart for the script, and joined again in the page. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join as path } from "node:path";
import { test } from "node:test";
import { transform } from "esbuild";
import { split } from "../../scripts/split.mjs";
import { root } from "./bundle.mjs";

const { code } = await transform(await readFile(path(root, "www/loader/join.ts"), "utf8"), { loader: "ts" });
const { join } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
const wasm = await readFile(path(root, "dist/tailorbird_bg.wasm"));

/** A module of one function with this body, its `end` included. */
const module = body => {
  const code = [1, body.length + 1, 0, ...body];
  return Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, code.length, ...code]);
};
const roundTrip = bytes => {
  const { bytes: apart, facts } = split(bytes);
  assert.deepEqual(Buffer.from(join(apart, facts)), Buffer.from(bytes));
};

test("the engine comes out as it went in, within a tenth of a second", () => {
  const { bytes, facts } = split(wasm);
  // The best of ten: what else the machine does is not the script's fault.
  let best = Infinity;
  for (let run = 0; run < 10; run += 1) {
    const from = performance.now();
    const joined = join(bytes, facts);
    best = Math.min(best, performance.now() - from);
    assert.ok(wasm.equals(joined));
  }
  assert.ok(best < 100, `${best} ms`);
});

test("every kind of field survives", () => {
  const cases = {
    "blocks, branches and a table of them": [0x02, 0x40, 0x41, 0, 0x0d, 0, 0x41, 1, 0x0e, 2, 0, 1, 0, 0x0b, 0x0b],
    "a call, a long constant and an address of data": [0x10, 0, 0x41, 0xff, 0xff, 0xff, 0x07, 0x1a, 0x41, 0x80, 0x80, 0xc0, 0x00, 0x1a, 0x0b],
    "loads and stores, one aligned otherwise": [0x41, 0, 0x28, 2, 0x80, 1, 0x1a, 0x41, 0, 0x42, 0x7f, 0x37, 0, 8, 0x0b],
    "floats": [0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x1a, 0x43, 9, 9, 9, 9, 0x1a, 0x0b],
    "copying and filling memory": [0xfc, 10, 0, 0, 0xfc, 11, 0, 0x0b],
  };
  for (const body of Object.values(cases)) roundTrip(module(body));
});

test("an instruction that nobody knows fails the build with its number", () => {
  assert.throws(() => split(module([0xfd, 0, 0x0b])), /opcode 0xfd is not known/);
  assert.throws(() => split(module([0xfc, 9, 0, 0x0b])), /opcode 0xfc 9 is not known/);
});
