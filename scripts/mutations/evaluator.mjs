/**
 * Do GrowthBook's cases notice a wrong evaluator? `npm run mutations -- evaluator [WORD]`.
 *
 * Each small wrong version of `list.mjs` (with a word, only those whose file or words have it) is made in a copy of
 * the sources, compiled, and held against the fixed cases and against fresh ones. Prints which sections noticed,
 * then `N of N noticed`; exits 1 where one was not. A version that does not compile is an error of the list.
 *
 * cargo-mutants does not replace the list: it changes single operators and return values, the list makes the mistakes
 * of somebody who misread GrowthBook's rules, and only its cases are asked.
 */

import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { oracle } from "../oracle.mjs";
import { write } from "../oracle/write.mjs";
import { MUTATIONS } from "./list.mjs";

/** @typedef {(typeof MUTATIONS)[number]} Mutation */

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NEEDED = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "tests/growthbook.rs", "tests/growthbook"];
// None that a fixture is made of.
const FRESH = { seeds: [501, 502, 503], cases: 2000 };
// A wrong version may never come to an end.
const PATIENCE_MS = 60_000;

/**
 * `file` with `from` in it replaced; throws unless that stands there exactly once.
 *
 * @param {string} text
 * @param {Mutation} mutation
 */
export const mutated = (text, { file, wrong, from, to }) => {
  const parts = text.split(from);
  const times = parts.length - 1;
  if (times != 1) throw new Error(`${file}, ${wrong}: ${from} stands there ${times} times, expected once`);
  return parts.join(to);
};

/**
 * What a program says, and how it ended.
 *
 * @param {string} program
 * @param {readonly string[]} given
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options]
 * @returns {Promise<{ code: number | null, out: string, err: string }>}
 */
const said = (program, given, { cwd, env, timeout } = {}) =>
  new Promise((done, failed) => {
    const child = spawn(program, given, { cwd, env: { ...process.env, ...env }, timeout, killSignal: "SIGKILL" });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err += data));
    child.on("error", failed);
    child.on("close", (code) => done({ code, out, err }));
  });

const copied = async () => {
  const folder = await mkdtemp(join(tmpdir(), "mutations-"));
  for (const path of NEEDED) await cp(join(root, path), join(folder, path), { recursive: true });
  // The engine and this one test, without the workspace around them and what only other tests need.
  const manifest = (await readFile(join(folder, "Cargo.toml"), "utf8"))
    .replace(/^members = .*$/m, "members = []")
    .replace(/^(proptest|tailorbird-simulator) = .*\n/gm, "");
  await writeFile(join(folder, "Cargo.toml"), manifest);
  return folder;
};

/**
 * Compiles the copy's test; its program, or what the compiler says.
 *
 * @param {string} folder
 * @returns {Promise<{ program: string | undefined, err: string }>}
 */
const compiled = async (folder) => {
  const target = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "mutations");
  // Without debug information linking takes half the time.
  const env = { CARGO_TARGET_DIR: target, CARGO_PROFILE_DEV_DEBUG: "0" };
  const given = ["test", "--test", "growthbook", "--no-run", "--message-format=json-render-diagnostics"];
  const { code, out, err } = await said("cargo", given, { cwd: folder, env });
  const messages =
    code == 0
      ? out
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
  const program = messages.find(({ executable, target }) => executable && target.name == "growthbook")?.executable;
  return { program, err };
};

/**
 * How many cases of these files each section has that come out otherwise.
 *
 * @param {string} program
 * @param {readonly string[]} files
 */
const noticed = async (program, files) => {
  const env = { GROWTHBOOK_CASES: files.join(delimiter), RUST_BACKTRACE: "0" };
  const { out } = await said(program, ["--nocapture"], { env, timeout: PATIENCE_MS });
  /** @type {Map<string, number>} */
  const sections = new Map();
  for (const [, section] of out.matchAll(/^(\w+)\[\d+\] /gm)) sections.set(section, (sections.get(section) ?? 0) + 1);
  // It crashed, or ran on and on.
  if (!/^\d+ passed, \d+ failed$/m.test(out)) sections.set("the test itself", 1);
  return sections;
};

/** @param {Map<string, number>} sections */
const total = (sections) => [...sections.values()].reduce((sum, count) => sum + count, 0);

/** @param {number} began */
const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;

/**
 * Where the files with cases are: those of the project, and fresh ones.
 *
 * @param {string} folder
 * @param {readonly number[]} seeds
 */
const cases = async (folder, seeds) => {
  const names = (await readdir(join(folder, "tests/growthbook/cases"))).filter((name) => name.endsWith(".json"));
  await mkdir(join(folder, "fresh"));
  /** @type {string[]} */
  const fresh = [];
  for (const seed of seeds) {
    const path = join(folder, "fresh", `${seed}.json`);
    await writeFile(path, write((await oracle({ seed, cases: FRESH.cases })).file));
    fresh.push(path);
  }
  return { fixed: names.sort().map((name) => join(folder, "tests/growthbook/cases", name)), fresh };
};

/**
 * @param {string} program
 * @param {{ fixed: readonly string[], fresh: readonly string[] }} files
 */
const held = async (program, { fixed, fresh }) => [
  await noticed(program, fixed),
  fresh.length > 0 ? await noticed(program, fresh) : new Map(),
];

/**
 * Holds each of these wrong versions against the fixed cases and those of these seeds. Answers which were not
 * noticed, and how many the fixed cases and the fresh ones notice by themselves; throws where one does not
 * compile, or where the engine as it is differs from a case.
 *
 * @param {readonly Mutation[]} chosen
 * @param {{ seeds?: readonly number[], log?: (line: string) => void }} [options]
 */
export const tryMutations = async (chosen, { seeds = FRESH.seeds, log = () => {} } = {}) => {
  const began = Date.now();
  const folder = await copied();
  /** @type {Mutation[]} */
  const missed = [];
  const alone = { fixed: 0, fresh: 0 };
  try {
    const files = await cases(folder, seeds);
    const { program, err } = await compiled(folder);
    if (!program) throw new Error(err);
    const [fixed, fresh] = (await held(program, files)).map(total);
    if (fixed + fresh > 0) throw new Error(`as it is the engine differs from ${fixed} fixed and ${fresh} fresh cases`);
    log(`the engine as it is agrees with all cases (${seconds(began)})`);
    for (const [index, mutation] of chosen.entries()) {
      const start = Date.now();
      const path = join(folder, mutation.file);
      const text = await readFile(path, "utf8");
      await writeFile(path, mutated(text, mutation));
      const { program, err } = await compiled(folder);
      if (!program) throw new Error(`${mutation.file}, ${mutation.wrong}: does not compile\n${err}`);
      const [fixed, fresh] = await held(program, files);
      await writeFile(path, text);
      const sections = [...new Set([...fixed.keys(), ...fresh.keys()])].join(", ");
      const by = sections ? `${total(fixed)} fixed, ${total(fresh)} fresh: ${sections}` : "NOT NOTICED";
      log(`${index + 1}/${chosen.length} ${mutation.file}: ${mutation.wrong}\n    ${by} (${seconds(start)})`);
      if (!sections) missed.push(mutation);
      if (total(fixed) > 0) alone.fixed += 1;
      if (total(fresh) > 0) alone.fresh += 1;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { missed, alone };
};

/**
 * Tries the mutations that have `word` in their file or words, and answers the exit code.
 *
 * @param {string} [word]
 */
export const evaluator = async (word) => {
  const began = Date.now();
  const chosen = MUTATIONS.filter(({ file, wrong }) => !word || file.includes(word) || wrong.includes(word));
  const { missed, alone } = await tryMutations(chosen, { log: console.log });
  const which = `${alone.fixed} by the fixed cases, ${alone.fresh} by ${FRESH.seeds.length * FRESH.cases} fresh ones`;
  console.log(`${chosen.length - missed.length} of ${chosen.length} noticed, ${which} (${seconds(began)})`);
  return missed.length > 0 || chosen.length == 0 ? 1 : 0;
};
