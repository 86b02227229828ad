/**
 * Fresh cases in the format of GrowthBook's conformance suite, judged by GrowthBook's own SDK.
 *
 *   npm run oracle -- --seed 7 --cases 2000 [--out FILE]   makes cases; the same seed, the same bytes
 *   npm run oracle -- --check FILE...                      holds the SDK against cases; exits 1 where it differs
 *   npm run oracle -- --seeds 1-20 --cases 2000 --check-ours   holds our engine against cases, natively and in wasm
 *   npm run oracle -- --answer FILE...                     writes the SDK's answers into cases written by hand
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { banditCase } from "./oracle/bandits.mjs";
import {
  bucketRangeCase,
  chooseVariationCase,
  equalWeightsCase,
  hashCase,
  inNamespaceCase,
} from "./oracle/buckets.mjs";
import { Chance } from "./oracle/chance.mjs";
import { evalConditionCase } from "./oracle/conditions.mjs";
import { runCase } from "./oracle/experiments.mjs";
import { featureCase } from "./oracle/features.mjs";
import { answered, disagreement, SECTIONS, SPEC_VERSION } from "./oracle/judge.mjs";
import { checkOurs } from "./oracle/ours.mjs";
import { redirectCase } from "./oracle/redirects.mjs";
import { stickyCase } from "./oracle/sticky.mjs";
import { queryOverrideCase } from "./oracle/urls.mjs";
import { write } from "./oracle/write.mjs";

/**
 * @typedef {import("./oracle/judge.mjs").Case} Case
 * @typedef {(chance: Chance, named: (about: string) => string) => Case} Make
 * @typedef {{ [section: string]: any }} CaseFile cases by section, beside `specVersion`
 */

/**
 * Of each section its share of all cases, and what makes one. The first takes what is left.
 *
 * @type {{ [section: string]: [share: number, make: Make] }}
 */
const MAKERS = {
  evalCondition: [0, evalConditionCase],
  hash: [0.035, hashCase],
  getBucketRange: [0.025, bucketRangeCase],
  chooseVariation: [0.02, chooseVariationCase],
  getQueryStringOverride: [0.025, queryOverrideCase],
  inNamespace: [0.015, inNamespaceCase],
  getEqualWeights: [0.005, equalWeightsCase],
  feature: [0.17, featureCase],
  contextualBandit: [0.06, banditCase],
  run: [0.15, runCase],
  stickyBucket: [0.07, stickyCase],
  urlRedirect: [0.05, redirectCase],
};

/**
 * So many cases of one section; how many were thrown away because the SDK throws on them.
 *
 * @param {string} name
 * @param {Make} make
 * @param {number} count
 * @param {number} seed
 */
const section = async (name, make, count, seed) => {
  /** @type {Case[]} */
  const cases = [];
  let discarded = 0;
  for (let draw = 0; cases.length < count; draw += 1) {
    /** @param {string} about */
    const named = (about) => `${about} (seed ${seed}, ${draw})`;
    const kase = make(new Chance(seed, name, draw), named);
    await answered(name, kase).then(
      (whole) => cases.push(whole),
      () => (discarded += 1),
    );
  }
  return { cases, discarded };
};

/**
 * The cases of a seed, and how many of each section were made and discarded.
 *
 * @param {{ seed: number, cases: number }} options
 */
export const oracle = async ({ seed, cases }) => {
  const counts = Object.entries(MAKERS).map(([name, [share]]) => ({ name, count: Math.floor(share * cases) }));
  counts[0].count = cases - counts.reduce((sum, { count }) => sum + count, 0);
  /** @type {CaseFile} */
  const file = { specVersion: SPEC_VERSION };
  const told = [];
  for (const { name, count } of counts) {
    const { cases: made, discarded } = await section(name, MAKERS[name][1], count, seed);
    file[name] = made;
    told.push({ section: name, cases: made.length, discarded });
  }
  return { file, told };
};

/**
 * Each case of a file on which the SDK differs, and how many of both kinds there are.
 *
 * @param {CaseFile} file
 */
export const check = async (file) => {
  const failures = [];
  let passed = 0;
  for (const section of Object.keys(SECTIONS)) {
    for (const [index, kase] of (file[section] ?? []).entries()) {
      const found = await disagreement(section, kase);
      if (found) failures.push({ section, index, kase, ...found });
      else passed += 1;
    }
  }
  return { passed, failures };
};

/** @param {readonly string[]} paths */
const checkFiles = async (paths) => {
  let [passed, failed] = [0, 0];
  for (const path of paths) {
    const found = await check(JSON.parse(await readFile(path, "utf8")));
    for (const { section, index, kase, expected, got } of found.failures) {
      console.log(
        `${section}[${index}] ${typeof kase[0] == "string" ? kase[0] : ""}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`,
      );
    }
    passed += found.passed;
    failed += found.failures.length;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
};

/** @param {readonly string[]} paths */
const answerFiles = async (paths) => {
  for (const path of paths) {
    const file = JSON.parse(await readFile(path, "utf8"));
    for (const section of Object.keys(SECTIONS)) {
      for (const [index, kase] of (file[section] ?? []).entries()) file[section][index] = await answered(section, kase);
    }
    await writeFile(path, write(file));
  }
  return 0;
};

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      cases: { type: "string" },
      out: { type: "string" },
      check: { type: "boolean" },
      "check-ours": { type: "boolean" },
      answer: { type: "boolean" },
    },
  });
  if (values.check && positionals.length > 0) return checkFiles(positionals);
  if (values.answer && positionals.length > 0) return answerFiles(positionals);
  const [seed, cases] = [Number(values.seed ?? NaN), Number(values.cases ?? NaN)];
  const [, first, last] = /^(\d+)-(\d+)$/.exec(values.seeds ?? "") ?? [];
  if (values["check-ours"] && first && cases >= 1) {
    const seeds = Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
    return checkOurs(seeds, async (/** @type {number} */ seed) => (await oracle({ seed, cases })).file);
  }
  if (!Number.isInteger(seed) || !Number.isInteger(cases) || cases < 1 || positionals.length > 0) {
    console.error(
      "usage: npm run oracle -- --seed N --cases M [--out FILE] | --seeds N-N --cases M --check-ours" +
        " | --check FILE... | --answer FILE...",
    );
    return 2;
  }
  const began = Date.now();
  const { file, told } = await oracle({ seed, cases });
  const text = write(file);
  if (values.out) await writeFile(values.out, text);
  else process.stdout.write(text);
  for (const { section, cases, discarded } of told)
    console.error(
      `${section.padEnd(24)}${String(cases).padStart(6)}${discarded ? `  (${discarded} discarded: the SDK throws)` : ""}`,
    );
  console.error(
    `${cases} cases of seed ${seed} in ${((Date.now() - began) / 1000).toFixed(1)} s, ${text.length} characters`,
  );
  return 0;
};

if (process.argv[1] == fileURLToPath(import.meta.url)) process.exitCode = await main();
