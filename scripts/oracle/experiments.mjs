/** Experiments and the contexts they run in: each case puts together a few concerns. */

import { adjoining, coverage, filters, namespace, ranges, seed, weights } from "./buckets.mjs";
import { bucket } from "./judge.mjs";
import { audiences, condition, visitor, worth } from "./targeting.mjs";
import { address, forcing, oldTarget, targets } from "./urls.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

const KEYS = ["my-test", "exp", "été", "a b", "feature", "😀"];

/** @param {Chance} chance */
export const key = (chance) => chance.of(KEYS);

/**
 * Two or more values, as different as they may be.
 *
 * @param {Chance} chance
 * @param {number} most
 */
export const variations = (chance, most = 4) => {
  const count = chance.whole(2, most);
  return chance.is(0.6)
    ? Array.from({ length: count }, (_, index) => `v${index}`)
    : chance.list(count, count, () => worth(chance));
};

/**
 * @param {Chance} chance
 * @param {number} count
 * @param {Json} world
 */
export const meta = (chance, count, { keys = 0.6, passthrough = 0.1 } = {}) =>
  chance.list(count, count, (index) => ({
    ...(chance.is(keys)
      ? {
          key: chance.weighed([
            [6, String(index)],
            [4, `key-${index}`],
            [1, "été"],
            [0.5, ""],
          ]),
        }
      : {}),
    ...(chance.is(0.3) ? { name: chance.of(["Control", "Größer", ""]) } : {}),
    ...(chance.is(passthrough) ? { passthrough: chance.is(0.8) } : {}),
  }));

/**
 * Which attribute is hashed, how, and with what.
 *
 * @param {Chance} chance
 */
export const hashing = (chance) => ({
  ...(chance.is(0.3)
    ? {
        hashAttribute: chance.weighed([
          [6, "deviceId"],
          [3, "company"],
          [1, "id"],
          [1, "user.id"],
          [0.5, "nothing"],
          [1, ""],
          [2, "country"],
        ]),
      }
    : {}),
  ...(chance.is(0.6)
    ? {
        hashVersion: chance.weighed([
          [7, 2],
          [4, 1],
          [0.6, chance.of([3, 1.5])],
          [0.6, chance.of([0, null])],
        ]),
      }
    : {}),
  ...(chance.is(0.4) ? { seed: seed(chance) } : {}),
});

/**
 * The bucket that a visitor falls into, for edges to be put there.
 *
 * @param {Json} attributes
 * @param {Json} it
 * @param {string} key
 */
export const bucketOf = (attributes, it, key) =>
  bucket(it.seed || key, attributes[it.hashAttribute || "id"] || "", it.hashVersion || 1);

/**
 * Who gets what: weights, coverage, ranges, in any combination, with edges at `n`.
 *
 * @param {Chance} chance
 * @param {number} count
 * @param {number} n
 */
export const split = (chance, count, n) => ({
  ...(chance.is(0.45) ? { weights: weights(chance, count) } : {}),
  ...(chance.is(0.2) ? { weights: [n, ...Array.from({ length: count - 1 }, () => (1 - n) / (count - 1))] } : {}),
  ...(chance.is(0.35)
    ? {
        coverage: chance.weighed([
          [6, coverage(chance)],
          [2, n],
          [1, n * count],
          [2, 1],
        ]),
      }
    : {}),
  ...(chance.is(0.25)
    ? { ranges: chance.is(0.7) ? adjoining(chance, count, n) : ranges(chance, chance.whole(1, count + 1), n) }
    : {}),
});

/**
 * Features that an experiment or a rule may depend on.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 */
const parents = (chance, attributes) => ({
  on: { defaultValue: true },
  off: { defaultValue: false },
  text: { defaultValue: "red", rules: [{ condition: condition(chance, attributes), force: "green" }] },
  again: {
    defaultValue: null,
    rules: [{ parentConditions: [{ id: "text", condition: { value: "green" } }], force: 1 }],
  },
  both: {
    defaultValue: 0,
    rules: [
      {
        parentConditions: [
          { id: "text", condition: {} },
          { id: "again", condition: { value: { $exists: chance.is(0.5) } } },
        ],
        force: 2,
      },
    ],
  },
  cycle: { defaultValue: true, rules: [{ parentConditions: [{ id: "cycle", condition: {} }] }] },
  left: {
    defaultValue: true,
    rules: [{ parentConditions: [{ id: "right", condition: { value: true }, gate: true }] }],
  },
  right: {
    defaultValue: true,
    rules: [{ parentConditions: [{ id: "left", condition: { value: true } }], force: true }],
  },
  gated: { defaultValue: true, rules: [{ parentConditions: [{ id: "off", condition: { value: true }, gate: true }] }] },
  split: { defaultValue: "none", rules: [{ key: "split", variations: ["a", "b"] }] },
});

/**
 * What a parent's value is asked.
 *
 * @param {Chance} chance
 */
const asked = (chance) =>
  chance.of([
    {},
    {},
    undefined,
    { value: { $exists: true } },
    { value: { $ne: "off" } },
    { $not: { value: 7 } },
    { value: true },
    { value: false },
    { value: "green" },
    { value: "red" },
    { value: { $in: ["green", "red", true] } },
    { value: { $exists: true } },
    { value: { $exists: false } },
    { value: { $ne: "a" } },
    { value: null },
    { value: 0 },
    { value: { $inGroup: "colours" } },
    { value: { $notInGroup: "colours" } },
    { $savedGroup: { id: "coloured" } },
    { $not: { value: "off" } },
    { $or: [{ value: 1 }, { value: 2 }] },
    { country: { $exists: true } },
    { value: { $gt: 0 } },
    undefined,
  ]);

/**
 * Prerequisites, with the features they name. `gates` for a feature's rules, which know the word.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 * @param {Json} world
 */
export const prerequisites = (chance, attributes, { gates = false, more = [] } = {}) => {
  const features = parents(chance, attributes);
  const ids = [...Object.keys(features), ...more];
  const one = () => ({
    id: chance.is(0.96) ? chance.of(chance.is(0.7) ? ids.slice(0, 5) : ids) : "unknown",
    condition: asked(chance),
    ...(gates && chance.is(0.4) ? { gate: chance.is(0.8) } : {}),
  });
  return {
    parentConditions: chance.is(0.05) ? [] : chance.list(1, chance.is(0.4) ? 2 : 1, one),
    features,
    savedGroups: {
      colours: ["red", "green", 1, true],
      coloured: { type: "list", attributeKey: "value", values: ["red", 2] },
    },
  };
};

/**
 * A deprecated override of an experiment by its key.
 *
 * An option of the SDK's constructor, of which a payload says nothing: our side lays it over the experiment
 * that it runs, so only the section `run` has any.
 *
 * @param {Chance} chance
 * @param {Json} world
 */
const override = (chance, { attributes, url = "", experiment }) => {
  const count = experiment.variations?.length ?? 2;
  return chance.of([
    () => ({ status: chance.of(["draft", "running", "stopped"]) }),
    () => ({ active: chance.is(0.4) }),
    () => ({ weights: weights(chance, count) }),
    () => ({ coverage: coverage(chance) }),
    () => ({ force: chance.whole(-1, count) }),
    () => ({ groups: [chance.of(["beta", "staff"])] }),
    () => ({ condition: condition(chance, attributes) }),
    () => ({ namespace: namespace(chance, attributes.id ?? "") }),
    () => ({ url: oldTarget(chance, url) }),
    () => ({ url: oldTarget(chance, url) }),
    () => ({ url: oldTarget(chance, url), weights: weights(chance, count), status: "running" }),
    () => ({}),
  ])();
};

/**
 * Each concern changes the context or the experiment. Its weight says how often it is somebody's.
 *
 * @type {[weight: number, about: string, touch: (chance: Chance, world: Json) => unknown][]}
 */
const CONCERNS = [
  [
    8,
    "split",
    (chance, { experiment, n }) => Object.assign(experiment, split(chance, experiment.variations.length, n)),
  ],
  [4, "condition", (chance, { attributes, experiment }) => (experiment.condition = condition(chance, attributes))],
  [
    3,
    "saved groups",
    (chance, { attributes, context, experiment }) => {
      context.savedGroups = audiences(chance, attributes);
      experiment.condition = condition(chance, attributes, context.savedGroups);
    },
  ],
  [3, "meta", (chance, { experiment }) => (experiment.meta = meta(chance, experiment.variations.length))],
  [
    3,
    "namespace",
    (chance, { attributes, experiment, value }) =>
      (experiment.namespace = namespace(chance, value ?? attributes.country)),
  ],
  [3, "filters", (chance, { attributes, experiment }) => (experiment.filters = filters(chance, attributes))],
  [3, "force", (chance, { experiment }) => (experiment.force = chance.whole(-1, experiment.variations.length))],
  [2, "inactive", (chance, { experiment }) => (experiment.active = chance.of([false, false, true, null, 0]))],
  [
    3,
    "status",
    (chance, { experiment }) => (experiment.status = chance.of(["draft", "running", "stopped", "stopped"])),
  ],
  [
    5,
    "url patterns",
    (chance, { context, experiment }) => {
      context.url ??= address(chance);
      experiment.urlPatterns = targets(chance, context.url);
    },
  ],
  [4, "query", (chance, { context, experiment }) => (context.url = forcing(chance, experiment.key))],
  [
    3,
    "forced variation",
    (chance, { context, experiment }) =>
      (context.forcedVariations = {
        [chance.is(0.85) ? experiment.key : "other"]: chance.whole(-1, experiment.variations.length),
      }),
  ],
  [2, "qa mode", (chance, { context }) => (context.qaMode = chance.is(0.8))],
  [1, "enabled", (chance, { context }) => (context.enabled = chance.of([false, false, true, null, 0]))],
  [
    4,
    "overrides",
    (chance, { attributes, context, experiment }) => {
      context.url ??= chance.is(0.8) ? address(chance) : undefined;
      context.overrides = {
        [chance.is(0.95) ? experiment.key : "other"]: override(chance, { attributes, url: context.url, experiment }),
      };
    },
  ],
  [
    2,
    "groups",
    (chance, { context, experiment }) => {
      context.groups = chance.of([{ beta: true }, { beta: false, staff: true }, {}, { staff: 1 }]);
      experiment.groups = chance.of([["beta"], ["staff", "beta"], [], ["nobody"]]);
    },
  ],
  [
    3,
    "prerequisites",
    (chance, { attributes, context, experiment }) => {
      const { parentConditions, features, savedGroups } = prerequisites(chance, attributes);
      experiment.parentConditions = parentConditions;
      context.features = { ...features, ...context.features };
      context.savedGroups = { ...savedGroups, ...context.savedGroups };
    },
  ],
  [
    2,
    "attribute overrides",
    (chance, { context }) =>
      (context.attributeOverrides = chance.of([
        { id: "other" },
        { id: "" },
        { country: "XX" },
        { deviceId: 7, country: "DE" },
        {},
      ])),
  ],
  [
    2,
    "one variation",
    (chance, { experiment }) => (experiment.variations = experiment.variations.slice(0, chance.whole(0, 1))),
  ],
  [
    1,
    "null fields",
    (chance, { experiment }) =>
      (experiment[
        chance.of([
          "coverage",
          "weights",
          "condition",
          "namespace",
          "filters",
          "ranges",
          "meta",
          "seed",
          "parentConditions",
          "urlPatterns",
          "hashVersion",
        ])
      ] = null),
  ],
  [
    1,
    "sticky fields",
    (chance, { experiment }) =>
      Object.assign(experiment, {
        fallbackAttribute: "deviceId",
        bucketVersion: 1,
        minBucketVersion: chance.whole(0, 1),
        disableStickyBucketing: chance.is(0.5),
        name: "n",
        phase: "0",
      }),
  ],
];

/**
 * One case of `run`.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const runCase = (chance, name) => {
  const attributes = visitor(chance);
  const experiment = { key: key(chance), variations: variations(chance), ...hashing(chance) };
  const context = { attributes };
  const value = attributes[experiment.hashAttribute || "id"];
  const world = { attributes, context, experiment, value, n: bucketOf(attributes, experiment, experiment.key) };
  const chosen = new Set(
    chance.list(1, chance.is(0.5) ? 1 : 3, () => chance.weighed(CONCERNS.map((concern) => [concern[0], concern]))),
  );
  // What an experiment is must be settled before its parts are made to fit.
  /** @param {string} about */
  const rank = (about) => ({ "one variation": 0, query: 1 })[about] ?? 2;
  const ordered = CONCERNS.filter((concern) => chosen.has(concern)).sort(([, a], [, b]) => rank(a) - rank(b));
  for (const [, , touch] of ordered) touch(chance, world);
  return [name(ordered.map(([, about]) => about).join(", ")), context, experiment, undefined, undefined, undefined];
};
