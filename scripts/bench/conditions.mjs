/**
 * What it costs to hold conditions against profiles: GrowthBook's evaluator, ours in WebAssembly, ours natively.
 *
 * Before anything is timed, every side must give the same answer to every condition of every profile.
 *
 * - `growthbook` is given each profile as the object that it is.
 * - `wasm` is given each profile as a whole and then asked for all conditions; both count.
 * - `wasmStep` is given only what a signal changes, which is how a page uses it; `growthbookStep` evaluates
 *   the same profiles.
 * - `native` is `wasm` without the boundary.
 */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { evalCondition } from "@growthbook/growthbook";
import { instance } from "../conformance.mjs";
import { step, workload } from "./workload.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ROUNDS = 9;
/** Long enough that the clock of the processor, which counts in steps of up to 10 ms, does not matter. */
const ROUND_MS = 500;
const SEED = 1;

/** @import { ConditionInterface } from "@growthbook/growthbook" */

/**
 * @typedef {{ [key: string]: unknown }} Tree
 * @typedef {{ update(changes: Tree): void, evaluate(): Uint8Array }} Conditions
 * @typedef {{ min: number, median: number, max: number }} Figures
 */

/** @param {string} line */
const say = (line) => console.error(line);

/**
 * @param {unknown} value
 * @returns {value is Tree}
 */
const isObject = (value) => typeof value == "object" && value !== null && !Array.isArray(value);

/**
 * `delta` laid over `tree`: objects merge, everything else replaces.
 *
 * @param {Tree} tree
 * @param {Tree} delta
 * @returns {Tree}
 */
const over = (tree, delta) =>
  Object.entries(delta).reduce(
    (/** @type {Tree} */ whole, [key, value]) => ({
      ...whole,
      [key]: isObject(value) && isObject(whole[key]) ? over(whole[key], value) : value,
    }),
    tree,
  );

/**
 * A set of bits as `Conditions.evaluate` gives it: condition `i` is bit `i % 8` of byte `i / 8`.
 *
 * @param {readonly boolean[]} holds
 */
const bits = (holds) => {
  const bytes = new Uint8Array(Math.ceil(holds.length / 8));
  holds.forEach((held, index) => (bytes[index >> 3] |= Number(held) << (index & 7)));
  return bytes;
};

/** @param {Uint8Array} bytes */
const ones = (bytes) => bytes.reduce((sum, byte) => sum + (byte.toString(2).match(/1/g)?.length ?? 0), 0);

/** CPU nanoseconds that this process has used. */
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/**
 * CPU nanoseconds for each of `count` evaluations, by the name of the work: smallest, middle and largest
 * of the rounds. The works take turns, so that a machine that slows down does so for all.
 *
 * @param {{ [name: string]: () => unknown }} works
 * @param {number} count
 * @returns {{ [name: string]: Figures }}
 */
const timed = (works, count) => {
  /**
   * @param {() => unknown} work
   * @param {number} times
   */
  const once = (work, times) => {
    const from = clock();
    for (let time = 0; time < times; time += 1) work();
    return (clock() - from) / (times * count);
  };
  const entries = Object.entries(works).map(([name, work]) => {
    // Until the compilers have had their say, and to know how often a round must be repeated.
    once(work, 3);
    return {
      name,
      work,
      times: Math.max(1, Math.ceil((ROUND_MS * 1e6) / (once(work, 3) * count))),
      found: /** @type {number[]} */ ([]),
    };
  });
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`round ${round} of ${ROUNDS}`);
    for (const { work, times, found } of entries) found.push(once(work, times));
  }
  const figures = entries.map(({ name, found }) => {
    const sorted = found.sort((a, b) => a - b);
    const [min, median, max] = [sorted[0], sorted[ROUNDS >> 1], sorted[sorted.length - 1]].map(
      (ns) => Math.round(ns * 10) / 10,
    );
    return [name, { min, median, max }];
  });
  return Object.fromEntries(figures);
};

/**
 * @param {{ profiles: readonly Tree[], conditions: readonly ConditionInterface[] }} load
 * @returns {Promise<{ bits: string, holds: number, ns_per_condition: Figures }>}
 */
const native = async ({ profiles, conditions }) => {
  const folder = await mkdtemp(join(tmpdir(), "tailorbird-bench-"));
  try {
    const file = join(folder, "workload.json");
    await writeFile(file, JSON.stringify({ conditions, profiles }));
    const { stdout } = await promisify(execFile)(
      "cargo",
      ["run", "--quiet", "--release", "-p", "conformance", "--example", "conditions", "--", file],
      { cwd: root, maxBuffer: 1 << 26 },
    );
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** All figures. */
export const bench = async () => {
  const load = workload({ seed: SEED });
  const { attributes, profiles, conditions } = load;
  const count = conditions.length * profiles.length;
  // A visit: the first profile, and what each signal makes of it.
  const steps = profiles.map((_, index) => step(SEED, index));
  /** @type {Tree[]} */
  const visit = [];
  for (const delta of steps) visit.push(over(visit.at(-1) ?? profiles[0], delta));

  /** @param {readonly Tree[]} people */
  const evaluate = (people) =>
    people.map((person) => bits(conditions.map((condition) => evalCondition(person, condition))));
  const expected = { profiles: evaluate(profiles), visit: evaluate(visit) };
  const holds = expected.profiles.reduce((sum, bytes) => sum + ones(bytes), 0);
  say(
    `${conditions.length} conditions, ${profiles.length} profiles of ${attributes} attributes; ${((100 * holds) / count).toFixed(1)} % hold`,
  );

  // Without a sum the work could be left out.
  let held = 0;
  /** @param {readonly Tree[]} people */
  const growthbook = (people) => () => {
    for (const person of people) for (const condition of conditions) if (evalCondition(person, condition)) held += 1;
    return held;
  };
  /** @type {{ [name: string]: () => unknown }} */
  const work = { growthbook: growthbook(profiles), growthbookStep: growthbook(visit) };

  const answer = {
    bench: "conditions",
    conditions: conditions.length,
    profiles: profiles.length,
    attributes,
    holds,
    node: process.version,
    processor: cpus()[0]?.model ?? "",
    nsPerCondition: /** @type {{ [name: string]: Figures }} */ ({}),
  };
  const { Conditions } = await instance();
  const whole = new Conditions(conditions);
  const stepped = new Conditions(conditions);
  /**
   * @param {string} name
   * @param {number} index
   * @param {Uint8Array} got
   * @param {Uint8Array} wanted
   */
  const same = (name, index, got, wanted) => {
    const at = wanted.findIndex((byte, place) => byte != got[place]);
    if (at >= 0 || got.length != wanted.length)
      throw new Error(
        `${name} differs from GrowthBook: profile ${index}, one of ${JSON.stringify(conditions.slice(at * 8, at * 8 + 8))}`,
      );
  };
  profiles.forEach(
    (person, index) => (whole.update(person), same("wasm", index, whole.evaluate(), expected.profiles[index])),
  );
  stepped.update(profiles[0]);
  steps.forEach(
    (delta, index) => (stepped.update(delta), same("wasmStep", index, stepped.evaluate(), expected.visit[index])),
  );
  /**
   * @param {Conditions} engine
   * @param {readonly Tree[]} deltas
   */
  const updating = (engine, deltas) => () => {
    for (const delta of deltas) {
      engine.update(delta);
      held += engine.evaluate()[0];
    }
  };
  work.wasm = updating(whole, profiles);
  work.wasmStep = updating(stepped, steps);
  const own = await native(load);
  const all = expected.profiles.map((bytes) => Buffer.from(bytes).toString("hex")).join("");
  if (own.bits != all) throw new Error(`native differs from GrowthBook: ${own.holds} hold, expected ${holds}`);
  answer.nsPerCondition.native = own.ns_per_condition;
  say("all sides give the same answers");
  answer.nsPerCondition = { ...timed(work, count), ...answer.nsPerCondition };
  return answer;
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = ({ conditions, profiles, attributes, holds, nsPerCondition }) => {
  const { growthbook, growthbookStep } = nsPerCondition;
  /** @param {number} value */
  const number = (value) => value.toFixed(1).padStart(10);
  const lines = Object.entries(nsPerCondition).map(([name, { min, median, max }]) => {
    const peer = name.endsWith("Step") ? growthbookStep : growthbook;
    return `${name.padEnd(16)}${[min, median, max].map(number).join("")}${`${(peer.median / median).toFixed(2)}x`.padStart(10)}`;
  });
  return [
    `${conditions} conditions over ${profiles} profiles of ${attributes} attributes, ${holds} of ${conditions * profiles} hold`,
    `${"ns a condition".padEnd(16)}${["min", "median", "max", "speed"].map((head) => head.padStart(10)).join("")}`,
    ...lines,
  ].join("\n");
};
