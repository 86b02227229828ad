/** What is in the package, and what must not be. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BUDGETS } from "../../scripts/size.mjs";
import { npm, root } from "./bundle.mjs";
import { runTag } from "./tag.mjs";

const dist = join(root, "dist");
const files = await readdir(dist);
const scripts = files.filter((name) => name.endsWith(".js"));
const wasm = await readFile(join(dist, "tailorbird_bg.wasm"));

test("npm packs the files that have a budget, the documents about them, and no other", async () => {
  const [{ files }] = JSON.parse(await npm(["pack", "--ignore-scripts", "--dry-run", "--json"], root));
  const documents = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "NOTICE", "README.md", "package.json"];
  const shipped = Object.keys(BUDGETS).map((name) => `dist/${name}`);
  assert.deepEqual(
    files.map((/** @type {{ path: string }} */ { path }) => path).sort(),
    [...documents, ...shipped].sort(),
  );
});

test("everything that package.json names is there, and the package needs no other", async () => {
  const about = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const named = [
    about.types,
    ...Object.values(about.exports).flatMap((entry) => (typeof entry == "string" ? entry : Object.values(entry))),
  ];
  for (const path of named) await readFile(join(root, path));
  assert.equal(about.dependencies, undefined);
  const needed = Object.keys(about.peerDependencies).filter((name) => !about.peerDependenciesMeta[name].optional);
  assert.deepEqual(needed, []);
});

test("the script tag's file starts with a byte order mark and carries exactly the published wasm", async () => {
  const script = await readFile(join(dist, "tailorbird.js"));
  assert.deepEqual([...script.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const { announced, bytes } = await runTag(script.toString());
  assert.deepEqual(announced, ["tailorbird:ready"]);
  assert.ok(bytes?.equals(wasm));
});

test("a script that was read in the wrong encoding, or cut, compiles nothing and says so once", async () => {
  const script = await readFile(join(dist, "tailorbird.js"));
  const text = script.subarray(3).toString();
  const at = text.indexOf("\u00ff");
  assert.ok(at > 0, "the wasm is in there as characters");
  const changed = {
    "read as windows-1252": new TextDecoder("windows-1252").decode(script.subarray(3)),
    "read as latin1": script.subarray(3).toString("latin1"),
    "one byte other": `${text.slice(0, at)}\u00fe${text.slice(at + 1)}`,
    "one byte less": text.slice(0, at) + text.slice(at + 1),
    "cleaned of what is not ASCII": text.replace(/\P{ASCII}/gu, "?"),
  };
  for (const [how, script] of Object.entries(changed)) {
    const { announced, reasons, bytes } = await runTag(script);
    assert.deepEqual(announced, ["tailorbird:unavailable"], how);
    assert.deepEqual(reasons, ["the script was changed on its way: serve it as UTF-8"], how);
    assert.equal(bytes, undefined, how);
  }
});

test("no file but the three with a wasm as text holds anything a tool could take for binary", async () => {
  for (const name of scripts) {
    const bytes = await readFile(join(dist, name));
    assert.ok(!bytes.includes(0), `${name} has a NUL`);
    assert.equal(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), bytes.toString(), name);
  }
});

test("no path of the building machine is in any file", async () => {
  const environment = ["CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR"].map((name) => process.env[name]);
  const home = homedir();
  const paths = [root, dirname(root), home, join(home, ".cargo"), join(home, ".rustup"), tmpdir(), ...environment];
  const wanted = [...new Set(paths.filter((path) => path && path != "/"))].map((path) => path + "/");
  for (const name of files) {
    const text = (await readFile(join(dist, name))).toString("latin1");
    for (const path of wanted) assert.ok(!text.includes(path), `${name} has ${path}`);
    assert.doesNotMatch(text, /\.cargo\/|\.rustup\/|\/registry\/src\/|sourceMappingURL/, name);
  }
});

/** By which a script could send or load something. */
const NETWORK =
  /\b(XMLHttpRequest|WebSocket|WebTransport|EventSource|sendBeacon|RTCPeerConnection|BroadcastChannel|importScripts|serviceWorker|SharedWorker|Worker|Image|FontFace|fetchLater)\b(?!["'`])/;

/** The wasm that `tailorbird-recommend.js` carries, as it compiles it. */
const recommendWasm = async () => {
  /** @type {WebAssembly.Module | undefined} */
  let compiled;
  const original = WebAssembly.instantiate;
  Reflect.set(WebAssembly, "instantiate", async (/** @type {BufferSource} */ bytes) => {
    compiled = new WebAssembly.Module(bytes);
    throw new Error("seen");
  });
  try {
    const { open } = await import(join(dist, "tailorbird-recommend.js"));
    await assert.rejects(open(new Uint8Array()), /seen/);
  } finally {
    Reflect.set(WebAssembly, "instantiate", original);
  }
  assert.ok(compiled);
  return compiled;
};

// What the functions do is told by `audit.test.mjs`: here their names are numbers.
test("a wasm imports functions alone, and those of its glue", async () => {
  const modules = [new WebAssembly.Module(wasm), await recommendWasm()];
  for (const module of modules) {
    const froms = new Set(WebAssembly.Module.imports(module).map(({ module }) => module));
    assert.deepEqual([...froms].length, 1, "one module: the glue");
  }
  const imports = modules.flatMap((module) => WebAssembly.Module.imports(module));
  assert.deepEqual(
    imports.filter(({ kind }) => kind != "function"),
    [],
  );
});

test("scripts fetch in the loader's known places alone, and know no other way out", async () => {
  const literal = /'(?:[^'\\\n\r]|\\.){10000,}'/;
  for (const name of scripts) {
    const whole = await readFile(join(dist, name), "utf8");
    // Elsewhere what stands between two apostrophes may be code.
    const text = whole.length > 120_000 || name == "tailorbird-recommend.js" ? whole.replace(literal, "''") : whole;
    assert.ok(text.length < 120_000, `${name} without the wasm is a script`);
    // The config and the model, and in wasm-bindgen's glue an address that it is given; for slim the wasm as well.
    /** @type {{ [name: string]: number }} */
    const fetches = { "tailorbird.js": 2, "engine.js": 2, "slim.js": 3, "tailorbird-recommend.js": 1 };
    assert.equal(text.match(/\bfetch\(/g)?.length ?? 0, fetches[name] ?? 0, `${name} fetches`);
    // Lazy chunks, by one import or by eight; for index.js the chunk that carries the wasm. Static imports are
    // of the adapters alone: the npm entry, and what they are for.
    /** @type {{ [name: string]: number }} */
    const imports = { "tailorbird.js": 1, "engine.js": 8, "slim.js": 8, "index.js": 1 };
    assert.equal(text.match(/(?<![.\w])import\([^)]/g)?.length ?? 0, imports[name] ?? 0, `${name} imports`);
    const isAdapter = /^(openfeature|react|vue|svelte)\.js$/.test(name);
    assert.equal(/(^|[;}])import[\s{"']/m.test(text), isAdapter, `${name} imports at once`);
    assert.doesNotMatch(text, NETWORK, name);
    // One source of entropy, so that a replay can stand in for it; the engine has another for pages that broke it.
    assert.ok((text.match(/Math\.random/g)?.length ?? 0) <= (name in fetches ? 1 : 0), name);
    assert.doesNotMatch(text, /randomUUID/, name);
    // Nothing that runs text as code, or markup as elements.
    assert.doesNotMatch(
      text,
      /\bnew Function\b|\beval\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTML/,
      name,
    );
  }
});

test("the published schema is the one in the sources", async () => {
  const [published, source] = await Promise.all(
    [join(dist, "tailorbird.schema.json"), join(root, "www/loader/tailorbird.schema.json")].map((path) =>
      readFile(path),
    ),
  );
  assert.ok(published.equals(source));
});

const sizes = promisify(execFile)(process.execPath, [join(root, "scripts/size.mjs"), "--json"]).catch((error) => error);

test("the size report names every file with its budget and nothing else", async () => {
  const report = JSON.parse((await sizes).stdout);
  assert.deepEqual(Object.keys(report), ["files"]);
  assert.deepEqual(report.files.map((/** @type {{ name: string }} */ { name }) => name).sort(), [...files].sort());
  for (const file of report.files) {
    assert.deepEqual(Object.keys(file), ["name", "raw", "gzip", "brotli", "budget"]);
    assert.ok(file.brotli > 0 && file.brotli <= file.raw && file.gzip <= file.raw && file.budget > 0, file.name);
  }
});

test("no file is above its budget", async () => {
  const { stdout, code } = await sizes;
  const heavy = JSON.parse(stdout).files.filter(
    (/** @type {{ brotli: number, budget: number }} */ { brotli, budget }) => brotli > budget,
  );
  assert.deepEqual(heavy, []);
  assert.equal(code ?? 0, 0);
});
