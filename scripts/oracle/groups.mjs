/** Saved groups: bare lists, lists and conditions by type, nested, in cycles, malformed; and references to them. */

import { anything, like, scalar } from "./values.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json } from "./types.js" */

const IDS = ["vips", "testers", "eu", "été", "5", "a.b"];

/** What stands in a payload where a saved group should. */
const MALFORMED = [
  null,
  5,
  "vips",
  true,
  {},
  { type: "list" },
  { type: "list", attributeKey: "a" },
  { type: "condition" },
];
const STRANGE = [
  { type: "list", attributeKey: "a", values: "ab" },
  { type: "list", attributeKey: 5, values: [1] },
  { type: "list", values: [5, "a"] },
  { type: "condition", condition: null },
  { type: "condition", condition: "a" },
  { type: "condition", condition: [] },
  { type: "segment", values: [1] },
  { values: [1, "a"] },
  { type: "list", attributeKey: null, values: [null] },
  { type: "LIST", attributeKey: "a", values: [] },
];

/**
 * Values of which one may be, or look like, `value`.
 *
 * @param {Chance} chance
 * @param {Json} value
 */
export const valuesNear = (chance, value) => {
  const own = Array.isArray(value) && value.length > 0 && chance.is(0.7) ? chance.of(value) : (value ?? null);
  const one = chance.is(0.6) ? own : like(chance, own);
  return chance.shuffled([...chance.list(0, 3, () => scalar(chance)), ...(chance.is(0.8) ? [one] : [])]);
};

/**
 * A reference, most of the time to a group that is there.
 *
 * @param {Chance} chance
 * @param {string[]} ids
 * @param {string} key
 */
export const reference = (chance, ids, key) => {
  const id = chance.is(0.93) ? chance.of(ids) : "nobody";
  if (chance.is(0.15))
    return chance.of([
      null,
      id,
      [id],
      5,
      {},
      { id: 5 },
      { id: [id] },
      { ID: id },
      { id, attributeKey: 5 },
      { id, attributeKey: null },
      { id, attributeKey: null },
    ]);
  return chance.is(0.3)
    ? { id, attributeKey: chance.is(0.6) ? key : chance.of(["b.c", "b", "", "", "nothing", "list.0"]) }
    : { id };
};

/**
 * An operator that names a group, for `value` to be tested with.
 *
 * @param {Chance} chance
 * @param {string[]} ids
 */
export const groupOperator = (chance, ids) => {
  const id = chance.is(0.9) ? chance.of(ids) : chance.of(["nobody", 5, null, [ids[0]], {}, true]);
  return { [chance.of(["$inGroup", "$notInGroup"])]: id };
};

/**
 * Groups that can be asked for `attributes[key]`.
 *
 * `condition(names)` makes the condition of a group; it may refer to any of `names`, its own included.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 * @param {string} key
 * @param {(names: string[]) => Json} condition
 */
export const savedGroups = (chance, attributes, key, condition) => {
  const names = chance.some(IDS, 4);
  const group = () => {
    const kind = chance.weighed([
      [3, "bare"],
      [4, "list"],
      [4, "condition"],
      [3, "malformed"],
    ]);
    if (kind == "bare") return valuesNear(chance, attributes[key]);
    if (kind == "list")
      return {
        type: "list",
        attributeKey: chance.is(0.85) ? key : chance.of(["b.c", "list", "nothing"]),
        values: valuesNear(chance, attributes[key]),
      };
    if (kind == "malformed") {
      /** @type {readonly Json[]} */
      const wrong = chance.is(0.5) ? MALFORMED : STRANGE;
      return structuredClone(chance.of(wrong));
    }
    return { type: "condition", condition: condition(names) };
  };
  return { names, groups: Object.fromEntries(names.map((name) => [name, group()])) };
};

/**
 * One case's worth: condition, attributes and groups that refer to each other.
 *
 * @param {Chance} chance
 */
export const groupCase = (chance) => {
  const attributes = { a: anything(chance), b: { c: scalar(chance) }, list: chance.list(0, 3, () => scalar(chance)) };
  /** @param {string[]} names */
  const leaf = (names) =>
    chance.weighed([
      [5, { $savedGroup: reference(chance, names, "a") }],
      [3, { a: groupOperator(chance, names) }],
      [2, { list: groupOperator(chance, names) }],
      [2, { a: chance.is(0.5) ? attributes.a : like(chance, attributes.a) }],
      [1, { list: { $elemMatch: groupOperator(chance, names) } }],
      [1, { a: { $savedGroup: reference(chance, names, "a") } }],
      [1, { a: { $not: groupOperator(chance, names) } }],
      [1, {}],
    ]);
  /**
   * @param {string[]} names
   * @param {number} depth
   * @returns {Json}
   */
  const nested = (names, depth) => {
    if (depth == 0 || chance.is(0.5)) return leaf(names);
    const several = () => chance.list(1, 2, () => nested(names, depth - 1));
    return chance.weighed([
      [2, { $not: nested(names, depth - 1) }],
      [1, { $or: several() }],
      [1, { $and: several() }],
      [1, { $nor: several() }],
      [1, { ...nested(names, depth - 1), ...leaf(names) }],
    ]);
  };
  const { names, groups } = savedGroups(chance, attributes, "a", (names) => nested(names, 1));
  return {
    about: "saved groups",
    condition: nested(names, 3),
    attributes,
    groups: chance.is(0.03) ? undefined : groups,
  };
};
