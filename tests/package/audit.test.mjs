/**
 * What the wasm can reach, read from its glue: `audit()` names each import, and no function behind one of them, and no
 * script around them, knows a way out but the loader's own.
 */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./bundle.mjs";

/** Ways by which a script sends or loads something. */
const NETWORK =
  /\b(fetch|fetchLater|XMLHttpRequest|sendBeacon|WebSocket|WebTransport|EventSource|RTCPeerConnection|BroadcastChannel|Worker|SharedWorker|serviceWorker|Image|FontFace|importScripts|cookie|indexedDB|caches)\b/;

/**
 * The functions that the glue gives to the wasm, by their numbers.
 *
 * @param {string} glue
 */
const importsOf = (glue) => {
  const start = glue.indexOf("function __wbg_get_imports()");
  const body = glue.slice(start, glue.indexOf("\n}\n", start));
  const parts = body.split(/^ {8}(i\d+): function/m);
  /** @type {Map<string, string>} */
  const imports = new Map();
  for (let at = 1; at < parts.length; at += 2) imports.set(parts[at], parts[at + 1]);
  return imports;
};

for (const name of ["tailorbird", "tailorbird_recommend"]) {
  test(`every import of ${name} is given by the glue, named in the list, and knows no way out`, async () => {
    const glue = await readFile(join(root, `pkg/${name}.js`), "utf8");
    /** @type {string[]} */
    const names = JSON.parse(await readFile(join(root, `pkg/${name}_imports.json`), "utf8"));
    const module = new WebAssembly.Module(await readFile(join(root, `pkg/${name}_optimized.wasm`)));
    const given = importsOf(glue);
    assert.ok(given.size > 5, "the glue is read as it is written");
    for (const { name: number, kind } of WebAssembly.Module.imports(module)) {
      assert.equal(kind, "function", number);
      assert.ok(names[Number(number.slice(1))], `${number} has a name`);
      assert.ok(given.has(number), `${number} is in the glue`);
    }
    const suspects = [...given].filter(([, code]) => NETWORK.test(code)).map(([number, code]) => number + code);
    assert.deepEqual(suspects, []);
  });
}

test("a function that sends something would be noticed", () => {
  const glue =
    "function __wbg_get_imports() {\n    const import0 = {\n        i0: function(arg0) {\n            fetch(arg0);\n        },\n    };\n}\n";
  assert.deepEqual(
    [...importsOf(glue)].map(([number, code]) => [number, NETWORK.test(code)]),
    [["i0", true]],
  );
});

test("no listener is added, and nothing is requested, past the record that audit() reads", async () => {
  const places = ["loader", "page", "consent", "prompt", "recommend", "transfer", "geo", "audit", "preview"];
  /** @type {string[]} */
  const past = [];
  for (const place of places) {
    for (const file of await readdir(join(root, "www", place))) {
      // The boot snippet is a script of its own, and the record is the place itself.
      if (!file.endsWith(".ts") || ["boot.ts", "record.ts"].includes(file)) continue;
      const text = await readFile(join(root, "www", place, file), "utf8");
      for (const [, call] of text.matchAll(/(?<!["\w])((?:\w+\??\.)?addEventListener\()/g))
        past.push(`${place}/${file}: ${call}`);
      for (const [, before] of text.matchAll(/^(.*)\bfetch\(/gm)) {
        if (!text.includes("requested(address)")) past.push(`${place}/${file}: ${before}fetch`);
      }
    }
  }
  assert.deepEqual(past, []);
});
