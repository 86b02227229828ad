/**
 * `npm start` builds again where anything has changed that the build is made from, and only there; then it serves the
 * shop beside the engine.
 */

import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { isCurrent, isSiteCurrent, products, siteSources, sources } from "../../scripts/is_current.mjs";
import { serveShop } from "../../scripts/serve.mjs";
import { root } from "./bundle.mjs";

const folder = await mkdtemp(join(tmpdir(), "tailorbird-current-"));
after(() => rm(folder, { recursive: true, force: true }));

const BUILT = new Date(Date.UTC(2026, 2, 2, 10));
const BEFORE = new Date(BUILT.getTime() - 60_000);
const AFTER = new Date(BUILT.getTime() + 60_000);

/**
 * All files at or below a path, from the root.
 *
 * @param {string} path
 * @returns {Promise<string[]>}
 */
const filesOf = async (path) => {
  if (!(await stat(join(root, path))).isDirectory()) return [path];
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const kept = entries.filter(({ name }) => name != "target" && name != "node_modules");
  return (await Promise.all(kept.map(({ name }) => filesOf(join(path, name))))).flat();
};

const wanted = sources(root);
const files = (await Promise.all(wanted.map(filesOf))).flat();
for (const file of files) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await cp(join(root, file), join(folder, file));
  await utimes(join(folder, file), BEFORE, BEFORE);
}
for (const file of products(root)) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), "");
  await utimes(join(folder, file), BUILT, BUILT);
}

test("what was built after its sources is current", () => {
  assert.ok(files.length > 50, `${files.length} sources`);
  assert.equal(isCurrent(folder), true);
});

test("a change of any file that goes into the build makes it old, and is noticed whichever file that is", async () => {
  for (const file of files) {
    await utimes(join(folder, file), AFTER, AFTER);
    assert.equal(isCurrent(folder), false, file);
    await utimes(join(folder, file), BEFORE, BEFORE);
  }
  assert.equal(isCurrent(folder), true);
});

test("a product that is missing makes it old", async () => {
  const [product] = products(folder);
  await rm(join(folder, product));
  assert.equal(isCurrent(folder), false);
  await writeFile(join(folder, product), "");
  await utimes(join(folder, product), BUILT, BUILT);
  assert.equal(isCurrent(folder), true);
});

test("every script that the build imports and every folder that it bundles is among the sources, the shop is not", async () => {
  const build = await readFile(join(root, "scripts/build.mjs"), "utf8");
  for (const [, name] of build.matchAll(/from "\.\/([\w]+\.mjs)"/g))
    assert.ok(wanted.includes(`scripts/${name}`), name);
  for (const [, name] of build.matchAll(/"(www\/\w+)\//g)) assert.ok(name == "www/shop" || wanted.includes(name), name);
  assert.ok(files.includes("src/lib.rs") && files.includes("www/loader/tag.ts") && files.includes("scripts/pack.mjs"));
  assert.deepEqual(
    files.filter((file) => file.startsWith("www/shop")),
    [],
  );
});

test("the site of the documentation is old as soon as a page, a public type or its builder has changed", async () => {
  const all = (await Promise.all(siteSources(root).map(filesOf))).flat();
  for (const file of all) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
    await utimes(join(folder, file), BEFORE, BEFORE);
  }
  const page = join(folder, "dist-docs/site/docs/index.html");
  assert.equal(isSiteCurrent(folder), false, "not built");
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, "");
  await utimes(page, BUILT, BUILT);
  assert.equal(isSiteCurrent(folder), true);
  for (const file of [
    "docs/prompts.md",
    "docs/shop.png",
    "docs/.vitepress/theme/theme.css",
    "README.md",
    "www/loader/types.ts",
    "scripts/docs/site_pages.mjs",
  ]) {
    await utimes(join(folder, file), AFTER, AFTER);
    assert.equal(isSiteCurrent(folder), false, file);
    await utimes(join(folder, file), BEFORE, BEFORE);
  }
  assert.equal(isSiteCurrent(folder), true);
});

test("the shop is served beside the engine and the documentation, and nothing else is", async () => {
  const { url, close } = await serveShop(0);
  try {
    for (const [path, status, type, words] of /** @type {const} */ ([
      ["", 200, "text/html", "<h1"],
      ["boots/", 200, "text/html", "<h1"],
      ["boots/kirkstone", 200, "text/html", "<h1"],
      ["tailorbird.js", 200, "text/javascript", "/*! tailorbird"],
      ["tailorbird.json?again", 200, "application/json", '"slots"'],
      ["shop.js", 200, "text/javascript", "The shop's own script"],
      ["why.js", 200, "text/javascript", "Why this page looks as it does"],
      ["no-such-page", 404, "text/html", "<h1"],
      ["docs", 200, "text/html", "Three ways in"],
      ["docs/", 200, "text/html", "Three ways in"],
      ["docs/prompts.html", 200, "text/html", "<h1"],
      ["docs/messages.json", 200, "application/json", "remedy"],
      ["docs/no-such-page", 404, "text/html", "/docs/assets/"],
      ["docs/..%2f..%2f..%2fpackage.json", 404, "text/html", "/docs/assets/"],
      ["..%2f..%2fpackage.json", 404, "text/html", "<h1"],
    ])) {
      const response = await fetch(url + path);
      assert.deepEqual([response.status, response.headers.get("content-type")?.split(";")[0]], [status, type], path);
      assert.ok((await response.text()).includes(words), `${path} has ${words}`);
    }
    await assert.rejects(serveShop(Number(new URL(url).port)), { code: "EADDRINUSE" });
  } finally {
    await close();
  }
});
