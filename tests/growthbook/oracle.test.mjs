/**
 * The oracle makes what it promises, and our wasm answers as GrowthBook's SDK does.
 *
 * Where the wasm differs, `npm run oracle -- --seed N --cases M --out FILE` and
 * `npm run conformance -- FILE` say on which cases; those worth keeping become a line of `cases/by-hand.json`.
 */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { conformance } from "../../scripts/conformance.mjs";
import { MUTATIONS } from "../../scripts/mutations/list.mjs";
import { mutated, tryMutations } from "../../scripts/mutations.mjs";
import { check, oracle } from "../../scripts/oracle.mjs";
import { OPERATORS } from "../../scripts/oracle/conditions.mjs";
import { SECTIONS } from "../../scripts/oracle/judge.mjs";
import { write } from "../../scripts/oracle/write.mjs";

/** @import { Case } from "../../scripts/oracle/judge.mjs" */
/** @import { CaseFile } from "../../scripts/oracle.mjs" */

const here = dirname(fileURLToPath(import.meta.url));
const script = join(here, "../../scripts/oracle.mjs");

/**
 * The cases of a seed as a file would have them.
 *
 * @param {number} seed
 * @param {number} cases
 * @returns {Promise<CaseFile>}
 */
const fresh = async (seed, cases) => JSON.parse(write((await oracle({ seed, cases })).file));

const fixtures = async () => {
  const names = (await readdir(join(here, "cases"))).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => ({ name, file: JSON.parse(await readFile(join(here, "cases", name), "utf8")) })),
  );
};

/** @param {readonly { section: string, name?: string, kase?: Case, problem?: string, got?: unknown }[]} failures */
const told = (failures) =>
  failures.map(
    ({ section, name, kase, problem, got }) => `${section} ${name ?? kase?.[0]}: ${problem ?? JSON.stringify(got)}`,
  );

test("the same seed makes the same bytes, in another process as well", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--seed", "31", "--cases", "300"], {
    maxBuffer: 1 << 26,
  });
  assert.equal(stdout, write((await oracle({ seed: 31, cases: 300 })).file));
  assert.notEqual(stdout, write((await oracle({ seed: 32, cases: 300 })).file));
});

test("as many cases are made as were asked for, of every section", async () => {
  const { file, told } = await oracle({ seed: 33, cases: 500 });
  assert.equal(
    told.reduce((sum, { cases }) => sum + cases, 0),
    500,
  );
  for (const section of Object.keys(SECTIONS)) assert.ok(file[section].length > 0, section);
});

test("a case answers the same when its text is judged again, whatever was judged before", async () => {
  for (const seed of [34, 35, 36]) {
    const file = await fresh(seed, 400);
    for (const section of Object.keys(SECTIONS)) file[section].reverse();
    const { passed, failures } = await check(file);
    assert.deepEqual(told(failures), []);
    assert.equal(passed, 400);
  }
});

test("a case that says otherwise is found", async () => {
  const { failures } = await check({
    evalCondition: [
      ["right", { a: 1 }, { a: "1" }, true],
      ["wrong", { a: 1 }, { a: "2" }, true],
    ],
    run: [["wrong", {}, { key: "exp", variations: [0, 1] }, 0, false, true]],
    getEqualWeights: [[2, [0.5, 0.50001]]],
  });
  assert.deepEqual(failures.map(({ section, index }) => `${section}[${index}]`).sort(), [
    "evalCondition[1]",
    "getEqualWeights[0]",
    "run[0]",
  ]);
});

test("what is recorded in the fixtures is what the SDK says", async () => {
  for (const { name, file } of await fixtures()) {
    const { passed, failures } = await check(file);
    assert.deepEqual(told(failures), [], name);
    assert.ok(passed > 300, name);
  }
});

// Coverage: what a seed of 2,000 must have at least once.

const RULE = [
  "id",
  "condition",
  "parentConditions",
  "force",
  "variations",
  "contextualVariations",
  "contextualBanditRef",
  "weights",
  "coverage",
  "range",
  "ranges",
  "key",
  "seed",
  "hashAttribute",
  "fallbackAttribute",
  "hashVersion",
  "disableStickyBucketing",
  "bucketVersion",
  "minBucketVersion",
  "namespace",
  "filters",
  "meta",
  "name",
  "phase",
  "tracks",
];
const EXPERIMENT = [
  "key",
  "variations",
  "ranges",
  "meta",
  "filters",
  "seed",
  "name",
  "phase",
  "urlPatterns",
  "weights",
  "condition",
  "parentConditions",
  "coverage",
  "namespace",
  "force",
  "hashAttribute",
  "fallbackAttribute",
  "hashVersion",
  "bucketVersion",
  "minBucketVersion",
  "disableStickyBucketing",
  "active",
  "status",
  "groups",
];
const OVERRIDE = ["condition", "weights", "active", "status", "force", "coverage", "groups", "namespace", "url"];
const AUTO = ["urlPatterns", "persistQueryString", "changeId", "manual", "condition", "weights", "meta"];
const CONTEXT = [
  "attributes",
  "attributeOverrides",
  "url",
  "features",
  "experiments",
  "savedGroups",
  "contextualBandits",
  "forcedVariations",
  "enabled",
  "qaMode",
  "overrides",
  "groups",
  "stickyBucketAssignmentDocs",
];
const RESULT = [
  "key",
  "featureId",
  "inExperiment",
  "hashUsed",
  "variationId",
  "value",
  "hashAttribute",
  "hashValue",
  "stickyBucketUsed",
  "name",
  "bucket",
  "leafId",
  "variationWeights",
  "banditVersion",
];
const SOURCES = ["unknownFeature", "defaultValue", "force", "experiment", "prerequisite", "cyclicPrerequisite"];

/** @param {readonly (object | null | undefined)[]} objects */
const keysOf = (objects) => new Set(objects.flatMap((object) => Object.keys(object ?? {})));

/**
 * Every key at any depth.
 *
 * @param {unknown} value
 * @param {Set<string>} [found]
 * @returns {Set<string>}
 */
const deepKeys = (value, found = new Set()) => {
  if (Array.isArray(value)) value.forEach((item) => deepKeys(item, found));
  else if (typeof value == "object" && value !== null) {
    for (const [key, below] of Object.entries(value)) {
      found.add(key);
      deepKeys(below, found);
    }
  }
  return found;
};

/**
 * @param {Set<unknown>} found
 * @param {readonly string[]} wanted
 * @param {string} of
 */
const has = (found, wanted, of) =>
  assert.deepEqual(
    wanted.filter((key) => !found.has(key)),
    [],
    of,
  );

test("2,000 cases have every operator, every field and every outcome", async () => {
  const file = await fresh(37, 2000);
  has(deepKeys(file.evalCondition), [...OPERATORS, "$and", "$or", "$nor", "$not", "$savedGroup"], "operators");

  const evaluated = [...file.feature, ...file.contextualBandit, ...file.stickyBucket];
  const contexts = [...evaluated, ...file.run, ...file.urlRedirect].map(([, context]) => context);
  has(keysOf(contexts), CONTEXT, "fields of the context");
  has(
    keysOf(contexts.flatMap(({ features = {} }) => Object.values(features).flatMap((feature) => feature?.rules ?? []))),
    RULE,
    "fields of a rule",
  );
  has(keysOf(contexts.flatMap(({ overrides = {} }) => Object.values(overrides))), OVERRIDE, "fields of an override");
  has(
    keysOf(file.run.map((/** @type {Case} */ [, , experiment]) => experiment)),
    EXPERIMENT,
    "fields of an experiment",
  );
  has(
    keysOf(file.urlRedirect.flatMap((/** @type {Case} */ [, { experiments }]) => experiments)),
    AUTO,
    "fields of an experiment that runs by itself",
  );

  const results = [...file.feature, ...file.contextualBandit].map(([, , , result]) => result);
  has(new Set(results.map(({ source }) => source)), SOURCES, "sources");
  has(keysOf(results.map(({ experimentResult }) => experimentResult)), RESULT, "fields of a result");
});

test("2,000 cases are no walkover: neither answer is rare", async () => {
  const file = await fresh(38, 2000);
  /**
   * @param {string} section
   * @param {(kase: Case) => unknown} holds
   */
  const share = (section, holds) => file[section].filter(holds).length / file[section].length;
  /**
   * @param {number} from
   * @param {number} to
   * @param {[section: string, holds: (kase: Case) => unknown, why: string]} what
   */
  const between = (from, to, [section, holds, why]) => {
    const found = share(section, holds);
    assert.ok(found >= from && found <= to, `${why}: ${found} of ${section}`);
  };
  between(0.35, 0.65, ["evalCondition", (kase) => kase[3], "true"]);
  between(0.2, 0.6, ["run", (kase) => kase[5], "in by hashing"]);
  between(0.2, 0.6, ["feature", (kase) => kase[3].source == "experiment", "in an experiment"]);
  between(0.15, 0.5, ["stickyBucket", (kase) => kase[4]?.stickyBucketUsed, "by a stored assignment"]);
  between(0.15, 0.6, [
    "urlRedirect",
    (kase) => kase[2].some((/** @type {{ urlWithParams?: string }} */ { urlWithParams }) => urlWithParams),
    "redirected",
  ]);
  between(0.2, 0.8, ["inNamespace", (kase) => kase[3], "within"]);
  between(0.2, 0.8, ["getQueryStringOverride", (kase) => kase[4] !== null, "heard"]);
});

test("what the wrong versions of the evaluator replace stands in its file exactly once", async () => {
  assert.ok(MUTATIONS.length >= 30, `${MUTATIONS.length} wrong versions`);
  for (const mutation of MUTATIONS) {
    const text = await readFile(join(here, "../..", mutation.file), "utf8");
    assert.notEqual(mutated(text, mutation), text, mutation.wrong);
  }
});

// All of them take minutes: `npm run mutations`.
test("the fixed cases notice a wrong version of the evaluator", async () => {
  const sample = MUTATIONS.filter(({ wrong }) => wrong == "$lte is $lt" || wrong == "the host does not count");
  assert.equal(sample.length, 2);
  assert.deepEqual((await tryMutations(sample, { seeds: [] })).missed, []);
});

test("our wasm answers every fixture as the SDK does", async () => {
  const files = (await fixtures()).map(({ file }) => file);
  const { passed, failures } = await conformance(files);
  assert.deepEqual(told(failures), []);
  assert.ok(passed > 1500, `${passed} cases`);
});

test("our wasm answers fresh cases as the SDK does", async () => {
  const files = [await fresh(4001, 500), await fresh(4002, 500)];
  const { passed, failures } = await conformance(files);
  assert.deepEqual(told(failures), []);
  assert.equal(passed, 1000);
});
