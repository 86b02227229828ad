/**
 * How long a list of 20 items takes: ours natively, and Serenade's (bol.com, SIGMOD 2022), in one process, on one thread,
 * for the same histories.
 *
 * `benches/serenade` is a workspace of its own, built on first use: some 300 packages, which takes minutes.
 *
 * The sessions are made up, a week of a shop and a day after, unless `TAILORBIRD_TRAIN` and `TAILORBIRD_TEST` name files
 * of them: `SessionId,ItemId,Time`, whole numbers as ids.
 */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Chance } from "../oracle/chance.mjs";
import { extremes } from "./spread.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ROUNDS = 9;
const SEED = 1;
export const ITEMS = 3_000;
export const DAY = 86_400;
/** Sessions of the week, and of the day after. */
const SESSIONS = { train: 18_000, test: 1_500 };

/**
 * @typedef {{ p50: number, p90: number, p99: number }} Percentiles
 * @typedef {{ tailorbird: Percentiles, serenade: Percentiles }} Round
 * @typedef {{ requests: number, rounds: Round[] }} Measured
 */

/** @param {string} line */
const say = (line) => console.error(line);

/**
 * Sessions of a shop where few items are looked at often, and what is looked at next is near, or the same again.
 *
 * @param {Chance} chance
 * @param {number} count
 * @param {number} from seconds
 * @param {number} until
 */
export const made = (chance, count, from, until) => {
  const common = () => Math.floor(ITEMS ** chance.share());
  const rows = Array.from({ length: count }, (_, session) => {
    let time = from + chance.share() * (until - from);
    let item = common();
    return chance
      .list(2, chance.of([3, 4, 6, 12]), () => {
        const kind = chance.share();
        if (kind < 0.15) item = common();
        else if (kind < 0.75) item = Math.max(1, item + chance.whole(-4, 4));
        time += chance.whole(5, 300);
        return `${session},${item},${time.toFixed(3)}\n`;
      })
      .join("");
  });
  return `SessionId,ItemId,Time\n${rows.join("")}`;
};

const build = async () => {
  say("building benches/serenade, which takes some minutes the first time");
  const workspace = join(root, "benches/serenade");
  const words = ["build", "--release", "--locked", "--target-dir", join(root, "target/serenade")];
  const cargo = spawn("cargo", words, { cwd: workspace, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(cargo, "exit");
  if (code != 0) throw new Error("benches/serenade does not build: it needs crates.io for the crate serenade 0.3.1");
  return join(root, "target/serenade/release/tailorbird-bench-serenade");
};

/** @param {string} folder */
const sessions = async (folder) => {
  const { TAILORBIRD_TRAIN: train, TAILORBIRD_TEST: test } = process.env;
  if (train && test) {
    const missing = [train, test].find((path) => !existsSync(path));
    if (missing) throw new Error(`${missing} is not there`);
    return { train, test, isMade: false };
  }
  const chance = new Chance(SEED);
  const paths = { train: join(folder, "train.csv"), test: join(folder, "test.csv"), isMade: true };
  await writeFile(paths.train, made(chance, SESSIONS.train, 0, 7 * DAY));
  await writeFile(paths.test, made(chance, SESSIONS.test, 7 * DAY, 8 * DAY));
  return paths;
};

/**
 * How long the chunk in `dist/` takes for a list in Node, and the tool for the same: the model that `train` publishes.
 *
 * @param {string} train
 * @param {string} test
 * @param {string} folder
 */
const inWasm = async (train, test, folder) => {
  const chunk = join(root, "dist/tailorbird-recommend.js");
  if (!existsSync(chunk)) throw new Error("dist/ is not built: npm run build");
  const model = join(folder, "site.tbm");
  /** @param {readonly string[]} words */
  const tool = async (words) => {
    const command = ["run", "--quiet", "--release", "--package", "tailorbird-cli", "--", ...words];
    return (await promisify(execFile)("cargo", command, { cwd: root, maxBuffer: 1 << 28 })).stdout;
  };
  await tool(["train", "--sessions", train, "--out", model]);
  /** @type {{ history: string[][], took_us: number[] }} */
  const { history, took_us: native } = JSON.parse(
    await tool(["evaluate", "ranking", "--model", model, "--sessions", test]),
  );
  const { open } = await import(pathToFileURL(chunk).href);
  const { rank } = await open(await readFile(model));
  const round = () =>
    history.map((seen) => {
      const start = performance.now();
      rank({ kind: "for-you", history: seen, count: 20 });
      return 1_000 * (performance.now() - start);
    });
  // The first is compiled on the way.
  round();
  const wasm = round();
  /**
   * @param {readonly number[]} numbers
   * @param {number} share
   */
  const within = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * share)];
  /** @param {number} share */
  const both = (share) => ({ wasm: within(wasm, share), native: within(native, share) });
  return { lists: history.length, p50: both(0.5), p99: both(0.99) };
};

export const bench = async () => {
  const program = await build();
  const folder = await mkdtemp(join(tmpdir(), "tailorbird-bench-"));
  try {
    const { train, test, isMade } = await sessions(folder);
    say(`${ROUNDS} rounds on ${cpus()[0]?.model ?? "an unknown processor"}`);
    const words = [train, test, String(ROUNDS)];
    const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 1 << 24 });
    /** @type {Measured} */
    const { requests, rounds } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    /** @param {keyof Percentiles} percentile */
    const of = (percentile) => ({
      tailorbird: extremes(rounds.map((round) => round.tailorbird[percentile])),
      serenade: extremes(rounds.map((round) => round.serenade[percentile])),
      ratio: extremes(rounds.map((round) => round.tailorbird[percentile] / round.serenade[percentile])),
    });
    const wasm = await inWasm(train, test, folder);
    return { requests, rounds: rounds.length, isMade, wasm, us: { p50: of("p50"), p90: of("p90"), p99: of("p99") } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = ({ requests, rounds, isMade, wasm, us }) => {
  /** @param {import("./spread.mjs").Extremes} spread */
  const cell = ({ min, median, max }) => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`.padStart(30);
  const lines = Object.entries(us).map(
    ([name, { tailorbird, serenade, ratio }]) => `${name.padEnd(6)}${[tailorbird, serenade, ratio].map(cell).join("")}`,
  );
  /** @param {readonly [string, { wasm: number, native: number }]} named */
  const row = ([name, { wasm, native }]) =>
    `${name.padEnd(6)}${wasm.toFixed(2)} and ${native.toFixed(2)}, ratio ${(wasm / native).toFixed(2)}`;
  return [
    `${requests} requests of ${isMade ? "made-up sessions" : "the sessions given"}, ${rounds} rounds: median (min to max), microseconds`,
    `${"".padEnd(6)}${["tailorbird", "serenade", "ratio"].map((head) => head.padStart(30)).join("")}`,
    ...lines,
    `${wasm.lists} lists of the published model in wasm (Node) and natively, microseconds, one round each`,
    row(["p50", wasm.p50]),
    row(["p99", wasm.p99]),
  ].join("\n");
};
