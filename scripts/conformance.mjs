/**
 * Plays GrowthBook's conformance cases through our own wasm in Node: `npm run conformance -- FILE...`.
 *
 * Without a file, those of `tests/growthbook/cases`. Prints each case that comes out otherwise, then
 * `N passed, N failed`; exits 1 when there is one. Encrypted payloads are refused by the engine, so the
 * section `decrypt` is passed over. The wasm is built first where its sources are newer.
 */

import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, "tests/growthbook/cases");
const folder = join(root, "pkg-conformance");

/** @param {string} path */
const changed = (path) =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/**
 * When anything in a folder was changed last; 0 where there is no such folder.
 *
 * @param {string} folder
 */
const newest = async (folder) => {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Math.max(0, ...(await Promise.all(files.map(changed))));
};

/**
 * @param {readonly string[]} given
 * @returns {Promise<void>}
 */
const run = (given) =>
  new Promise((done, failed) => {
    // What cargo says is no result: it must not get into a `--json`.
    const child = spawn("cargo", given, { cwd: root, stdio: ["ignore", 2, 2] });
    child.on("error", failed);
    child.on("exit", (code) => (code == 0 ? done() : failed(new Error(`cargo ${given.join(" ")} failed`))));
  });

const prepare = async () => {
  const sources = await Promise.all(["src", "conformance", "xtask/src"].map(newest));
  const judge = await changed(join(root, "tests/growthbook/judge.rs"));
  if (
    (await changed(join(folder, "conformance_bg.wasm"))) >
    Math.max(judge, ...sources, await changed(join(root, "Cargo.lock")))
  )
    return;
  const target = process.env.CARGO_TARGET_DIR;
  await run(["xtask", "conformance", "--out", "pkg-conformance", ...(target ? ["--target-dir", target] : [])]);
};

let instances = 0;

/** A new instance of the wasm: its glue holds one, so each needs a copy of the glue. */
export const instance = async () => {
  await prepare();
  instances += 1;
  const exports = await import(`${pathToFileURL(join(folder, "conformance.js"))}?instance=${instances}`);
  exports.initSync({ module: await readFile(join(folder, "conformance_bg.wasm")) });
  return exports;
};

/**
 * How many cases of these files come out as they say, and each that does not.
 *
 * @param {readonly { [section: string]: unknown }[]} files
 */
export const conformance = async (files) => {
  let engine = await instance();
  const failures = [];
  let passed = 0;
  for (const file of files) {
    for (const [section, cases] of Object.entries(file)) {
      if (section == "decrypt" || !Array.isArray(cases)) continue;
      for (const [index, kase] of cases.entries()) {
        let problem;
        try {
          problem = engine.judge(section, kase) ?? undefined;
        } catch (error) {
          // After a trap an instance is of no use any more.
          problem = `threw ${error}`;
          engine = await instance();
        }
        if (problem === undefined) passed += 1;
        else failures.push({ section, index, name: typeof kase[0] == "string" ? kase[0] : "", problem });
      }
    }
  }
  return { passed, failures };
};

/** @param {readonly string[]} paths */
const main = async (paths) => {
  const named =
    paths.length > 0
      ? paths
      : (await readdir(fixtures))
          .filter((name) => name.endsWith(".json"))
          .sort()
          .map((name) => join(fixtures, name));
  const files = await Promise.all(named.map(async (path) => JSON.parse(await readFile(path, "utf8"))));
  const { passed, failures } = await conformance(files);
  for (const { section, index, name, problem } of failures) console.log(`${section}[${index}] ${name}\n    ${problem}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  // Nothing checked is nothing proved.
  return failures.length > 0 || passed == 0 ? 1 : 0;
};

if (process.argv[1] == fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(`conformance: ${error.message}`);
    return 1;
  });
}
