/** What a bundler makes of the package must find its engine again and run. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { bundle, consumer, develop, TOOLS } from "./bundle.mjs";

after(async () => (await consumer()).remove());

/** @param {string} entry */
const run = async (entry) => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [entry]);
  assert.equal(stderr, "");
  return JSON.parse(stdout);
};

const works = { available: true, variant: "boots", events: 1 };

for (const tool of TOOLS) {
  test(`a bundle made by ${tool} finds its engine and runs`, async () => {
    const { entry } = await bundle(tool, "node");
    assert.deepEqual(await run(entry), works);
  });

  test(`in a bundle made by ${tool} for a browser the engine waits in a chunk of its own`, async () => {
    const { folder, entry } = await bundle(tool, "browser");
    const files = (await readdir(folder, { recursive: true })).filter((name) => /\.[cm]?js$/.test(name));
    assert.ok((await readFile(entry)).length < 20_000, "the entry is small");
    const sizes = await Promise.all(files.map(async (name) => (await readFile(join(folder, name))).length));
    assert.equal(sizes.filter((size) => size > 80_000).length, 1, `one chunk carries a wasm: ${files} ${sizes}`);
  });
}

test("the package installed in a project runs as it is", async () => {
  const { folder } = await consumer();
  assert.deepEqual(await run(join(folder, "main.js")), works);
});

test("what Vite's development server sends runs", async () => {
  const { folder } = await consumer();
  const { origin, close } = await develop();
  const saved = new Map();
  // Node imports no modules by http, so they are fetched one after the other and laid out as files.
  /**
   * @param {string} address
   * @returns {Promise<void>}
   */
  const save = async (address) => {
    const { pathname } = new URL(address);
    if (saved.has(pathname)) return;
    const file = join(folder, "sent", pathname.replace(/[^\w./-]/g, "_"));
    saved.set(pathname, file);
    const response = await fetch(address);
    assert.equal(response.status, 200, address);
    const text = await response.text();
    const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*["']([./][^"']+)["']/g)].map(([, name]) => name);
    for (const name of specifiers) await save(new URL(name, address).href);
    await mkdir(dirname(file), { recursive: true });
    const local = text.replace(
      /((?:from|import)\s*\(?\s*["'])(\/[^"'?]*)/g,
      (_, before, path) => before + join(folder, "sent", path),
    );
    await writeFile(file, local);
  };
  try {
    await save(`${origin}/main.js`);
  } finally {
    await close();
  }
  await writeFile(join(folder, "sent", "package.json"), JSON.stringify({ type: "module" }));
  assert.deepEqual(await run(saved.get("/main.js")), works);
});
