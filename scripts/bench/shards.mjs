/**
 * What a page loads of a site model that is split by category, beside the same model in one file, and how much better its
 * lists get by the file of a category. Sessions are made up, a week and a day after.
 */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, copyFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Chance } from "../oracle/chance.mjs";
import { DAY, ITEMS, made } from "./recommend.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SEED = 1;
const SESSIONS = [9_000, 18_000, 36_000, 72_000];
const TEST_SESSIONS = 600;
const CATEGORIES = 20;
/** Items of one category that follow each other: what is near is of the same category, or of the next one. */
const RUN = 5;

/** @param {readonly string[]} words */
const tool = async (words) => {
  const command = ["run", "--quiet", "--release", "--package", "tailorbird-cli", "--", ...words];
  return (await promisify(execFile)("cargo", command, { cwd: root, maxBuffer: 1 << 28 })).stdout;
};

/** @param {string} csv */
const withCategories = (csv) => {
  const [header, ...rows] = csv.trimEnd().split("\n");
  const category = (/** @type {string} */ row) => Math.floor(Number(row.split(",")[1]) / RUN) % CATEGORIES;
  return [`${header},Category`, ...rows.map((row) => `${row},c${category(row)}`)].join("\n");
};

/**
 * The share of items that were among the first 20, of all but the first of each session.
 *
 * @param {string} model
 * @param {string} sessions
 */
const hitRate = async (model, sessions) => {
  /** @type {{ history: string[][], answers: { id: string }[][] }} */
  const { history, answers } = JSON.parse(
    await tool(["evaluate", "ranking", "--model", model, "--sessions", sessions]),
  );
  const hits = history.slice(1).flatMap((seen, at) => {
    const isSameSession = seen.length === history[at].length + 1;
    return isSameSession ? [answers[at].some(({ id }) => id === seen.at(-1))] : [];
  });
  return hits.filter(Boolean).length / hits.length;
};

export const bench = async () => {
  const folder = await mkdtemp(join(tmpdir(), "tailorbird-bench-"));
  try {
    const chance = new Chance(SEED);
    const path = (/** @type {string} */ name) => join(folder, name);
    await writeFile(path("test.csv"), made(chance, TEST_SESSIONS, 7 * DAY, 8 * DAY));
    await mkdir(path("alone"));
    const figures = [];
    for (const sessions of SESSIONS) {
      console.error(`${sessions} sessions`);
      await writeFile(path("train.csv"), withCategories(made(chance, sessions, 0, 7 * DAY)));
      /** @type {(file: string, above: number) => Promise<{ bytes: number, brotli: number, shards: { brotli: number }[] }>} */
      const train = async (file, above) =>
        JSON.parse(
          await tool(["train", "--sessions", path("train.csv"), "--out", file, "--shard-above", `${above}`, "--json"]),
        );
      const whole = await train(path("whole.tbm"), 1e9);
      const split = await train(path("split.tbm"), 0);
      await copyFile(path("split.tbm"), path("alone/split.tbm"));
      const shards = split.shards.map(({ brotli }) => brotli);
      figures.push({
        sessions,
        wholeBytes: whole.bytes,
        whole: whole.brotli,
        first: split.brotli,
        category: Math.round(shards.reduce((sum, size) => sum + size, 0) / shards.length),
        largest: Math.max(...shards),
        hitRate: {
          whole: await hitRate(path("whole.tbm"), path("test.csv")),
          split: await hitRate(path("split.tbm"), path("test.csv")),
          first: await hitRate(path("alone/split.tbm"), path("test.csv")),
        },
      });
    }
    return { items: ITEMS, categories: CATEGORIES, figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = ({ items, categories, figures }) => {
  const heads = ["sessions", "whole, bytes", "brotli", "first file", "category", "largest", "HR@20", "split", "first"];
  const line = (/** @type {readonly string[]} */ cells) => cells.map((cell) => cell.padStart(13)).join("");
  const rows = figures.map(({ sessions, wholeBytes, whole, first, category, largest, hitRate }) =>
    line([
      ...[sessions, wholeBytes, whole, first, category, largest].map(String),
      ...[hitRate.whole, hitRate.split, hitRate.first].map((rate) => rate.toFixed(4)),
    ]),
  );
  const title = `${items} items of ${categories} categories, made-up sessions; bytes after brotli but the second column`;
  return [title, line(heads), ...rows].join("\n");
};
