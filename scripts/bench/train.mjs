/**
 * What it takes to train a model on a site's own log by DuckDB, on 2 threads: processor time, wall time and memory, of
 * the tool and the engine together, for logs of 100,000 to 10,000,000 events, with all the memory there is and with
 * `--memory 1GB`. The logs are made up: `site_log.mjs`.
 *
 * - `--events N`: one log of that size.
 * - `--format csv`: CSV instead of Parquet.
 * - `--without-pages`: a log without a column of pages; ways through the site then lead through its categories.
 * - `--plot FILE.svg`: time and memory over the number of events.
 */

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findDuckDb } from "../setup.mjs";
import { MAP, makeLog, withoutPages } from "./site_log.mjs";
import { plot } from "./training_plot.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const EVENTS = [100_000, 1_000_000, 10_000_000];
/** What `--memory` is told; nothing for what DuckDB takes by itself, four fifths of the memory there is. */
const MEMORY = ["", "1GB"];
const THREADS = "2";
const MS_BETWEEN_SAMPLES = 50;

/** The options, as `parseArgs` of Node knows them. */
export const options = /** @type {const} */ ({
  events: { type: "string" },
  format: { type: "string" },
  "without-pages": { type: "boolean" },
  plot: { type: "string" },
});

/**
 * The processes that one has started, and theirs, with itself; Linux only.
 *
 * @param {number} pid
 * @returns {Promise<number[]>}
 */
const family = async (pid) => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const own = children.split(" ").filter(Boolean).map(Number);
  return [pid, ...(await Promise.all(own.map(family))).flat()];
};

/**
 * The most memory that each program of a family of processes had, in bytes, as the kernel counts it: looked up again and
 * again, because it is gone with the process. Empty where there is no `/proc`.
 *
 * @param {number} pid
 * @param {() => boolean} isRunning
 */
const peaksOf = async (pid, isRunning) => {
  /** @type {Map<string, number>} */
  const peaks = new Map();
  while (isRunning()) {
    for (const one of await family(pid)) {
      const status = await readFile(`/proc/${one}/status`, "utf8").catch(() => "");
      const name = /^Name:\s+(.+)$/m.exec(status)?.[1];
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      if (name && peak) peaks.set(name, Math.max(peaks.get(name) ?? 0, 1_024 * Number(peak)));
    }
    await setTimeout(MS_BETWEEN_SAMPLES);
  }
  return peaks;
};

/**
 * Runs a program: what it prints, what it takes, all of its own processes included.
 *
 * @param {string} program
 * @param {readonly string[]} words
 * @param {{ [name: string]: string }} env
 */
const measured = async (program, words, env) => {
  // Node does not tell what a child has taken; the shell does, of all that the child waited for.
  const child = spawn("bash", ["-c", 'TIMEFORMAT="took %R %U %S"; time "$@"', "bash", program, ...words], {
    env: { ...process.env, LC_ALL: "C", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isRunning = true;
  let printed = "";
  let said = "";
  child.stdout.on("data", (data) => (printed += data));
  child.stderr.on("data", (data) => (said += data));
  const exited = once(child, "close").finally(() => (isRunning = false));
  const peaks = await peaksOf(child.pid ?? 0, () => isRunning);
  const [code] = await exited;
  if (code !== 0) throw new Error(`${program} failed: ${said.trim().split("\n").at(-2)}`);
  const [wall, user, system] = (/took (\S+) (\S+) (\S+)\s*$/.exec(said) ?? []).slice(1).map(Number);
  const peak = (/** @type {string} */ name) => peaks.get(name) ?? 0;
  // Each at its own time: both together had no more than the sum.
  return { printed, wall, user, system, engineBytes: peak("duckdb"), toolBytes: peak("tailorbird") };
};

/** @param {string} folder */
const bytesIn = async (folder) => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".tbm"));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** @param {{ events?: string, format?: string, "without-pages"?: boolean, plot?: string }} given */
export const bench = async (given) => {
  const format = given.format ?? "parquet";
  if (format !== "parquet" && format !== "csv") throw new Error(`--format is ${format}, expected parquet or csv`);
  const events = given.events === undefined ? EVENTS : [Number(given.events)];
  if (!events.every((count) => count >= 1_000)) throw new Error(`--events is ${given.events}, expected at least 1000`);
  const duckDb = process.env.TAILORBIRD_DUCKDB || findDuckDb();
  if (!duckDb) throw new Error("duckdb is not here: pip install duckdb-cli");
  console.error("building the tool");
  await promisify(execFile)("cargo", ["build", "--quiet", "--release", "--package", "tailorbird-cli"], { cwd: root });
  const tool = join(root, process.env.CARGO_TARGET_DIR ?? "target", "release/tailorbird");
  const folder = await mkdtemp(join(tmpdir(), "tailorbird-bench-"));
  try {
    const path = (/** @type {string} */ name) => join(folder, name);
    await writeFile(path("map.toml"), given["without-pages"] ? withoutPages(MAP) : MAP);
    const figures = [];
    for (const count of events) {
      console.error(`${count} events: making the log`);
      await makeLog(duckDb, path("log"), count, format);
      for (const memory of MEMORY) {
        console.error(`${count} events${memory && `, --memory ${memory}`}`);
        await mkdir(path("model"));
        const words = ["train", "--in", path("log"), "--map", path("map.toml"), "--out", path("model/site.tbm")];
        const limits = ["--threads", THREADS, "--temp", folder, ...(memory ? ["--memory", memory] : [])];
        const took = await measured(tool, [...words, ...limits, "--json"], { TAILORBIRD_DUCKDB: duckDb });
        const { printed, ...rest } = took;
        /** @type {{ events: number }} */
        const told = JSON.parse(printed);
        figures.push({ events: told.events, memory, ...rest, modelBytes: await bytesIn(path("model")) });
        await rm(path("model"), { recursive: true });
      }
      await rm(path("log"), { recursive: true });
    }
    const all = { processor: cpus()[0]?.model ?? "an unknown processor", threads: Number(THREADS), format, figures };
    if (given.plot) await writeFile(given.plot, plot(figures));
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = ({ processor, threads, format, figures }) => {
  const heads = ["events", "--memory", "CPU-s", "user", "system", "wall, s", "engine, MB", "tool, MB", "model, KB"];
  const line = (/** @type {readonly string[]} */ cells) => cells.map((cell) => cell.padStart(12)).join("");
  const rows = figures.map(({ events, memory, user, system, wall, engineBytes, toolBytes, modelBytes }) =>
    line([
      String(events),
      memory || "-",
      ...[user + system, user, system, wall].map((seconds) => seconds.toFixed(1)),
      ...[engineBytes / 1e6, toolBytes / 1e6, modelBytes / 1e3].map((size) => size.toFixed(0)),
    ]),
  );
  return [`${format}, ${threads} threads, ${processor}`, line(heads), ...rows].join("\n");
};
