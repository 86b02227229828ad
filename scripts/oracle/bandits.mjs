/** Contextual bandits: rules that refer to leaves, and what becomes of the reference. */

import { weights } from "./buckets.mjs";
import { bucketOf, hashing, meta, split, variations } from "./experiments.mjs";
import { surroundings } from "./features.mjs";
import { audiences, condition, visitor, worth } from "./targeting.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

/**
 * @param {Chance} chance
 * @param {Json} attributes
 * @param {Json} groups
 * @param {number} count
 */
const leaves = (chance, attributes, groups, count) =>
  chance.list(0, 3, (index) => ({
    ...(chance.is(0.97) ? { leafId: chance.of([index, index + 1, 0, 42]) } : {}),
    condition: chance.is(0.15) ? {} : condition(chance, attributes, chance.is(0.3) ? groups : undefined),
    ...(chance.is(0.97) ? { weights: weights(chance, count) } : {}),
  }));

/**
 * One case of `contextualBandit`.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const banditCase = (chance, name) => {
  const attributes = visitor(chance);
  const list = chance.is(0.05) ? [worth(chance)] : variations(chance);
  const savedGroups = audiences(chance, attributes);
  const contexts = leaves(chance, attributes, savedGroups, list.length);
  const bandit = {
    ...(chance.is(0.8) ? { banditVersion: chance.of([1, 7, 0, null]) } : {}),
    ...(chance.is(0.95) ? { contexts } : chance.is(0.5) ? { contexts: null } : {}),
  };
  const reference = chance.weighed([
    [12, "bandit"],
    [2, "unknown"],
    [0.5, ""],
    [0.5, undefined],
  ]);
  const fields = hashing(chance);
  const own = chance.is(0.8) ? { key: "bandit-exp" } : {};
  const n = bucketOf(attributes, fields, own.key ?? "feature");
  const field = chance.weighed([
    [8, "contextualVariations"],
    [2, "variations"],
  ]);
  const rule = {
    ...own,
    ...fields,
    [field]: list,
    ...(field == "contextualVariations" && chance.is(0.15) ? { variations: ["old", "older"] } : {}),
    ...(field == "variations" && chance.is(0.2) ? { contextualVariations: null } : {}),
    ...(reference == undefined ? {} : { contextualBanditRef: reference }),
    ...(chance.is(0.6) ? { weights: weights(chance, list.length) } : {}),
    ...(chance.is(0.25) ? split(chance, Math.max(1, list.length), n) : {}),
    ...(chance.is(0.3) ? { coverage: chance.of([1, 1, 0.5, n, 0]) } : {}),
    ...(chance.is(0.6) ? { meta: meta(chance, list.length) } : {}),
    ...(chance.is(0.2) ? { condition: condition(chance, attributes) } : {}),
    ...(chance.is(0.1) ? { id: "bandit-rule" } : {}),
  };
  const rules = [rule, ...(chance.is(0.3) ? [{ force: "forced" }] : [])];
  const context = {
    attributes,
    features: { feature: { defaultValue: "default", rules } },
    ...(chance.is(0.9) ? { contextualBandits: { [chance.is(0.95) ? "bandit" : "other"]: bandit } } : {}),
    ...(JSON.stringify([contexts, rule]).includes("roup") ? { savedGroups } : {}),
  };
  surroundings(chance, { context, id: "feature" }, rules);
  return [
    name(`${contexts.length} leaves, ${reference == "bandit" ? "known" : "unknown"} reference`),
    context,
    "feature",
    undefined,
  ];
};
