/**
 * Measures us, where there is a peer beside it: `npm run bench -- NAME`, `npm run bench -- NAME --json`. What else a bench
 * can be asked it exports as `options`.
 *
 * Progress goes to stderr; stdout has the figures and nothing else.
 */

import { parseArgs } from "node:util";

/** @type {{ [name: string]: string }} */
const BENCHES = {
  boot: "./bench/boot.mjs",
  conditions: "./bench/conditions.mjs",
  "first-visit": "./bench/first_visit.mjs",
  "long-tasks": "./bench/long_tasks.mjs",
  recommend: "./bench/recommend.mjs",
  "repeat-visit": "./bench/repeat_visit.mjs",
  shards: "./bench/shards.mjs",
  track: "./bench/track.mjs",
  train: "./bench/train.mjs",
};

/** @param {string} why */
const misuse = (why) => {
  console.error(`${why}\nusage: npm run bench -- ${Object.keys(BENCHES).join("|")} [--json]`);
  return 2;
};

/** @param {readonly string[]} given */
const main = async ([name = "", ...flags]) => {
  if (!BENCHES[name]) return misuse(name ? `there is no bench ${name}` : "which bench?");
  const { bench, table, options = {} } = await import(BENCHES[name]);
  /** @type {{ [option: string]: unknown }} */
  let asked;
  try {
    asked = parseArgs({ args: flags, options: { json: { type: "boolean" }, ...options } }).values;
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
  const figures = await bench(asked);
  console.log(asked.json ? JSON.stringify(figures) : table(figures));
  return 0;
};

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(`bench: ${error.message}`);
  return 1;
});
