/** Features: rules in order, each with the fields that a rule can have. */

import { adjoining, coverage, filters, namespace } from "./buckets.mjs";
import { bucketOf, hashing, key, meta, prerequisites, split, variations } from "./experiments.mjs";
import { bucket } from "./judge.mjs";
import { audiences, condition, visitor, worth } from "./targeting.mjs";
import { address, forcing } from "./urls.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

/**
 * @param {Chance} chance
 * @param {number} share
 * @param {() => object} make
 */
const pick = (chance, share, make) => (chance.is(share) ? make() : {});

/**
 * What a rule asks of the visitor.
 *
 * @param {Chance} chance
 * @param {Json} world
 */
const asks = (chance, { attributes, context }) => ({
  ...pick(chance, 0.3, () => ({
    condition: condition(chance, attributes, chance.is(0.4) ? context.savedGroups : undefined),
  })),
  ...pick(chance, 0.12, () => ({ filters: filters(chance, attributes) })),
});

/**
 * A rule that depends on other features; they become part of the payload.
 *
 * @param {Chance} chance
 * @param {Json} world
 * @param {Json[]} [more]
 */
const depends = (chance, { attributes, context }, more) => {
  const { parentConditions, features, savedGroups } = prerequisites(chance, attributes, { gates: true, more });
  context.features = { ...features, ...context.features };
  context.savedGroups = { ...savedGroups, ...context.savedGroups };
  return { parentConditions };
};

/** @param {Chance} chance */
const tracked = (chance) => ({
  tracks: [
    {
      experiment: { key: key(chance), variations: [0, 1] },
      result: {
        key: "1",
        variationId: 1,
        value: 1,
        inExperiment: true,
        hashUsed: true,
        hashAttribute: "id",
        hashValue: "1",
      },
    },
  ],
});

/**
 * Somebody whose bucket is 0, whom even a coverage of 0 would cover if it were compared.
 *
 * @param {string} seed
 * @param {number} version
 */
const first = (seed, version) => {
  for (let number = 0; ; number += 1) if (bucket(seed, `u${number}`, version) == 0) return `u${number}`;
};

/**
 * A value for everybody whom the rule lets in.
 *
 * @param {Chance} chance
 * @param {Json} world
 */
const force = (chance, world) => {
  const fields = hashing(chance);
  if (chance.is(0.04)) {
    world.attributes.id = first(world.id, 1);
    return { coverage: chance.of([0, 0, -0, 1e-9, -0.1]), force: "nobody" };
  }
  const n = bucketOf(world.attributes, fields, world.id);
  return {
    ...asks(chance, world),
    ...(chance.is(0.7) ? fields : {}),
    // At its own bucket a visitor is still covered, but not within a range that ends there.
    ...pick(chance, 0.45, () => ({
      coverage: chance.weighed([
        [4, n],
        [3, coverage(chance)],
        [1, n - 0.0001],
        [0.3, null],
      ]),
    })),
    ...pick(chance, 0.2, () => ({
      range: chance.of([[0, n], [n, 1], [n, n], [0, 1], [0.5, 0.6], adjoining(chance, 1, n)[0]]),
    })),
    ...pick(chance, 0.1, () => ({ fallbackAttribute: "deviceId" })),
    ...pick(chance, 0.1, () => tracked(chance)),
    ...pick(chance, 0.3, () => ({ id: chance.of(["rule-1", "r", "été", ""]) })),
    force: worth(chance),
  };
};

/**
 * An experiment as a rule.
 *
 * @param {Chance} chance
 * @param {Json} world
 */
const experiment = (chance, world) => {
  const list = variations(chance);
  const fields = hashing(chance);
  const own = chance.is(0.7) ? { key: key(chance) } : {};
  const n = bucketOf(world.attributes, fields, own.key ?? world.id);
  return {
    ...own,
    ...asks(chance, world),
    variations: list,
    ...fields,
    ...pick(chance, 0.6, () => split(chance, list.length, n)),
    ...pick(chance, 0.3, () => ({ meta: meta(chance, list.length) })),
    ...pick(chance, 0.12, () => ({
      namespace: namespace(chance, world.attributes[fields.hashAttribute || "id"] || ""),
    })),
    ...pick(chance, 0.2, () => ({ id: "exp-rule" })),
    ...pick(chance, 0.15, () => ({ name: chance.of(["Experiment", "Größe", ""]), phase: chance.of(["0", "1", ""]) })),
    ...pick(chance, 0.08, () => ({
      fallbackAttribute: "deviceId",
      bucketVersion: chance.whole(0, 2),
      minBucketVersion: chance.whole(0, 1),
      disableStickyBucketing: chance.is(0.5),
    })),
    ...pick(chance, 0.05, () => ({
      [chance.of([
        "coverage",
        "weights",
        "condition",
        "namespace",
        "filters",
        "meta",
        "ranges",
        "seed",
        "key",
        "name",
        "id",
        "hashVersion",
        "bucketVersion",
        "minBucketVersion",
        "parentConditions",
        "tracks",
      ])]: null,
    })),
    ...pick(chance, 0.05, () => ({ unheard: "of" })),
  };
};

/**
 * Counts the visitor and lets most of them pass on to the next rule.
 *
 * @param {Chance} chance
 * @param {Json} world
 */
const holdout = (chance, world) => {
  const n = bucketOf(world.attributes, { seed: "hold", hashVersion: 2 }, "holdout");
  return {
    key: "holdout",
    seed: "hold",
    hashVersion: 2,
    variations: [1, 2],
    ranges: chance.of([
      [
        [0, 0.1],
        [0.1, 1],
      ],
      adjoining(chance, 2, n),
    ]),
    meta: [{}, { passthrough: true }],
    ...pick(chance, 0.2, () => asks(chance, world)),
  };
};

/** @param {Chance} chance */
const odd = (chance) =>
  chance.of([
    {},
    { variations: null },
    { variations: [] },
    { variations: ["only"] },
    { weights: [0.5, 0.5] },
    { condition: {} },
    { id: "nothing" },
    { variations: [0, 1], key: "" },
    { force: null },
    { force: false, condition: null, coverage: null },
  ]);

/**
 * @param {Chance} chance
 * @param {Json} world
 * @returns {Json}
 */
const rule = (chance, world) =>
  chance.weighed([
    [5, () => force(chance, world)],
    [7, () => experiment(chance, world)],
    [2, () => holdout(chance, world)],
    [1.5, () => depends(chance, world, [world.id])],
    [1.5, () => ({ ...depends(chance, world), ...force(chance, world) })],
    [1.5, () => ({ ...depends(chance, world), ...experiment(chance, world) })],
    [1, () => odd(chance)],
  ])();

/**
 * What a context may have besides, for the rules at hand.
 *
 * @param {Chance} chance
 * @param {Json} world
 * @param {Json[]} rules
 */
export const surroundings = (chance, { context, id }, rules) => {
  const experiments = rules
    .filter((rule) => (rule.contextualVariations ?? rule.variations)?.length)
    .map((rule) => ({ key: rule.key || id, variations: rule.contextualVariations ?? rule.variations }));
  if (experiments.length == 0) return;
  const one = chance.of(experiments);
  if (chance.is(0.1)) context.forcedVariations = { [one.key]: chance.whole(-1, one.variations.length) };
  if (chance.is(0.06)) context.qaMode = chance.is(0.8);
  if (chance.is(0.04)) context.enabled = chance.of([false, false, true, 0]);
  if (chance.is(0.1)) context.url = chance.is(0.7) ? forcing(chance, one.key) : address(chance);
  if (chance.is(0.04)) context.groups = { beta: chance.is(0.5), staff: true };
  if (chance.is(0.05))
    context.attributeOverrides = chance.of([{ id: "other" }, { country: "XX" }, { id: null, deviceId: "d" }]);
};

/**
 * One case of `feature`.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const featureCase = (chance, name) => {
  const attributes = visitor(chance);
  const id = chance.weighed([
    [8, "feature"],
    [1, "été"],
    [1, "a.b"],
    [1, "😀"],
  ]);
  /** @type {Json} */
  const context = { attributes, ...pick(chance, 0.3, () => ({ savedGroups: audiences(chance, attributes) })) };
  const world = { attributes, context, id };
  const rules = chance.list(1, 3, () => rule(chance, world));
  const own = {
    ...pick(chance, 0.85, () => ({ defaultValue: worth(chance) })),
    ...(chance.is(0.04) ? chance.of([{}, { rules: [] }, { rules: null }]) : { rules }),
  };
  context.features = { ...context.features, [id]: own };
  surroundings(chance, world, own.rules ?? []);
  const about = rules
    .map((rule) =>
      "force" in rule
        ? "force"
        : rule.key == "holdout"
          ? "holdout"
          : rule.variations
            ? "experiment"
            : rule.parentConditions
              ? "prerequisite"
              : "odd",
    )
    .join(", ");
  return [name(about), context, chance.is(0.02) ? "unknown" : id, undefined];
};
