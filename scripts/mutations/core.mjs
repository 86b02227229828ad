/**
 * Do the tests notice a wrong core? `npm run mutations -- core [PART]`.
 *
 * cargo-mutants (https://mutants.rs) changes one operator, return value or match arm at a time in the files of
 * `.cargo/mutants.toml` and runs the tests named there. All of its mutants would take a night. So they are dealt into
 * parts of about 300, the first mutant into the first part, the second into the second, and so on: each part is a
 * sample of all files, and all parts together are everything. Prints each mutant as it is tried, then the survivors
 * with their places and the share that was caught; exits 1 where that is below 90 %.
 */

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PARTS = 6;
const LEAST = 0.9;
const ENVIRONMENT = {
  // Without debug information linking takes half the time.
  CARGO_PROFILE_DEV_DEBUG: "0",
  // A quarter of the usual random cases, and no search for the smallest one that fails.
  PROPTEST_CASES: "64",
  PROPTEST_MAX_SHRINK_ITERS: "0",
  // What failed for one mutant must not be tried first for the next.
  PROPTEST_DISABLE_FAILURE_PERSISTENCE: "1",
};
/** Exit codes of cargo-mutants after a run that came to its end: all caught, some missed, some timed out. */
const COMPLETE = [0, 2, 3];

/** @param {number} ms */
const minutes = (ms) => `${Math.ceil(ms / 60_000)} min`;

/**
 * Runs cargo-mutants with these words; answers the mutants by outcome.
 *
 * @param {readonly string[]} words
 */
const run = async (words) => {
  const output = join(root, "target", "mutants");
  mkdirSync(output, { recursive: true });
  const child = spawn("cargo", ["mutants", "--caught", "--unviable", "--colors=never", "--output", output, ...words], {
    cwd: root,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "inherit"],
  });
  /** @type {Promise<number>} */
  const ended = new Promise((done, failed) => child.on("error", failed).on("close", done));
  /** @type {Record<"caught" | "TIMEOUT" | "MISSED" | "unviable", string[]>} */
  const mutants = { caught: [], TIMEOUT: [], MISSED: [], unviable: [] };
  let [count, tried, began] = [0, 0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const [, outcome, mutant = ""] = /^(caught|TIMEOUT|MISSED|unviable) +(.+?)(?: in [\d.]+m?s .*)?$/.exec(line) ?? [];
    if (!outcome) {
      count = Number(/^Found (\d+) mutants/.exec(line)?.[1] ?? count);
      began = Date.now();
      console.log(line);
      continue;
    }
    mutants[/** @type {keyof typeof mutants} */ (outcome)].push(mutant);
    tried += 1;
    const left = ((Date.now() - began) / tried) * (count - tried);
    console.log(`${tried}/${count} ${outcome} ${mutant} (${minutes(left)} left)`);
  }
  const code = await ended;
  if (!COMPLETE.includes(code)) throw new Error(`cargo mutants ended with ${code}, see ${output}`);
  return mutants;
};

/**
 * Tries the mutants of a part, and answers the exit code.
 *
 * @param {string} [part]
 */
export const core = async (part = "0") => {
  if (!/^\d$/.test(part) || Number(part) >= PARTS) {
    console.error(`mutations: there is no part ${part} of the core, expected a number from 0 to ${PARTS - 1}`);
    return 2;
  }
  if (spawnSync("cargo", ["mutants", "--version"]).status !== 0) {
    console.error("mutations: cargo-mutants is not installed: cargo install --locked cargo-mutants");
    return 2;
  }
  const began = Date.now();
  const { caught, TIMEOUT, MISSED, unviable } = await run(["--sharding=round-robin", `--shard=${part}/${PARTS}`]);
  // Whoever waits for a program that never ends has noticed.
  const noticed = caught.length + TIMEOUT.length;
  const tried = noticed + MISSED.length;
  for (const mutant of MISSED) console.log(`survived: ${mutant}`);
  const share = `${((100 * noticed) / tried).toFixed(1)} %`;
  const apart = `${unviable.length} do not compile`;
  console.log(`${noticed} of ${tried} caught, ${share}; ${apart} (${minutes(Date.now() - began)})`);
  return noticed >= LEAST * tried ? 0 : 1;
};
