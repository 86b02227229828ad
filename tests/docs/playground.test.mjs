// What of the playground needs no browser: what it weighs, what its documents admit, and where problems are.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BUDGET, buildPlayground } from "../../scripts/docs/playground.mjs";
import { recipeFolders } from "../../scripts/docs/recipes.mjs";

const folder = await mkdtemp(path.join(tmpdir(), "tailorbird-playground-"));
after(() => rm(folder, { recursive: true }));
const measure = await buildPlayground(folder, { docs: "../docs/" });
/** @param {string} name */
const read = (name) => readFile(path.join(folder, name), "utf8");

test("what the page needs at first is within its budget, without the engine", async () => {
  const { first } = await measure();
  const bytes = Object.values(first).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes <= BUDGET, `${bytes} bytes: ${JSON.stringify(first)}`);
});

test("its documents admit files of their own site only, and hold no inline script or style", async () => {
  for (const [name, wasm] of /** @type {const} */ ([
    ["index.html", false],
    ["frame.html", true],
  ])) {
    const page = await read(name);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
    const directives = policy.split("; ");
    assert.equal(directives[0], "default-src 'none'", name);
    assert.equal(directives[1], `script-src 'self'${wasm ? " 'wasm-unsafe-eval'" : ""}`, name);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:|\*/, name);
    assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)/, name);
    assert.doesNotMatch(page, /(?:src|href)="(?:https?:)?\/\//, name);
  }
  assert.match(await read("index.html"), /href="\.\.\/docs\/"/);
});

test("every recipe is in it, and the licence of every package", async () => {
  /** @type {{ name: string, sessions: object[] }[]} */
  const recipes = JSON.parse(await read("recipes.json"));
  assert.deepEqual(recipes.map(({ name }) => name).sort(), recipeFolders());
  assert.ok(recipes.every(({ sessions }) => sessions.length > 0));
  assert.match(await read("licences.txt"), /@codemirror\/view\n\nMIT License/);
});

/** The module that finds places, as Node reads it. */
const places = async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../../www/playground/problem_places.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    mainFields: ["module", "main"],
  });
  /** @type {typeof import("../../www/playground/problem_places.js")} */
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return module;
};

test("every problem of every bad config has its place, and what stands there is what the problem says", async () => {
  const { placesOf } = await places();
  const fixtures = new URL("../config/bad/", import.meta.url);
  let compared = 0;
  for (const name of await readdir(fixtures)) {
    const { config, problems } = JSON.parse(await readFile(new URL(name, fixtures), "utf8"));
    const text = JSON.stringify(config, null, 2);
    /** @type {string[]} */
    const lines = problems.filter((/** @type {string} */ line) => !line.startsWith("... and "));
    const found = placesOf(text, problems);
    assert.deepEqual(
      found.map(({ message }) => message),
      lines,
      name,
    );
    for (const { from, to, message } of found) {
      assert.ok(from < to && to <= text.length, `${name}: ${message}`);
      // The engine writes control characters as spaces, and cuts long texts and numbers.
      const said = /^\S+ is (-?\d[\d.]*|true|false|"[\w-]+"), expected/.exec(message)?.[1];
      if (said === undefined) continue;
      const marked = text.slice(from, to);
      assert.ok(marked.startsWith(said), `${name}: ${message}: ${marked} is marked`);
      compared += 1;
    }
  }
  assert.ok(compared > 400, `${compared} values compared`);
});

test("where a text stops being JSON is one place in it", async () => {
  const { syntaxProblem } = await places();
  for (const [text, from, why] of /** @type {const} */ ([
    ['{"a": 1,}', 8, "the bracket after one comma too many"],
    ['{\r\n  "a": nope\r\n}', 10, "a word that is no value, behind a line end of two characters"],
    ['{"a": [1', 7, "the last character of a text that ends too early"],
    ["", 0, "nothing at all"],
  ])) {
    assert.equal(syntaxProblem(text)?.from, from, why);
  }
  assert.equal(syntaxProblem('{"version": 1}'), undefined);
});
