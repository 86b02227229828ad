/** Visitors, and conditions as somebody targets them: most of the time true. */

import { LETTERS, NUMBERS, OBJECTS } from "./values.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json } from "./types.js" */

/** What identifies somebody: nearly always text, and now and then everything else. */
const IDS = [
  "1",
  "2",
  "visitor-1",
  "3f2b",
  "i123",
  "user@example.com",
  "été",
  "日本",
  "😀",
  "👩‍👧",
  "x y",
  "||",
  "5",
  "true",
  1,
  123,
  12345,
  10.5,
  0.1 + 0.2,
  1e21,
  1e-7,
  2 ** 53,
  -5,
  true,
  {},
  { a: 1 },
  ["a", "b"],
  [],
  [5],
];

/** What does not identify anybody. */
const FALSY = [0, -0, "", false, null];

/** @param {Chance} chance */
export const identity = (chance) =>
  chance.is(0.06) ? chance.of(FALSY) : chance.is(0.4) ? `u${chance.whole(1, 9999)}` : structuredClone(chance.of(IDS));

/**
 * Attributes of one visitor.
 *
 * @param {Chance} chance
 * @returns {Json}
 */
export const visitor = (chance) => ({
  ...(chance.is(0.95) ? { id: identity(chance) } : {}),
  ...(chance.is(0.85) ? { deviceId: identity(chance) } : {}),
  ...(chance.is(0.75) ? { company: identity(chance) } : {}),
  ...(chance.is(0.1) ? { "user.id": identity(chance) } : {}),
  country: chance.of(["US", "DE", "FR", "JP", "été"]),
  plan: chance.of(["free", "pro", "enterprise"]),
  age: chance.of([17, 18, 42, "42", null, ...NUMBERS.slice(0, 8)]),
  premium: chance.of([true, false, true, 0, 1]),
  tags: chance.list(0, 3, () => chance.of(["a", "b", "vip", "é", 5])),
  version: chance.of(["1.2.3", "1.10.0", "2.0.0-rc.1", "v2.0.0+7"]),
  device: { class: chance.of(["desktop", "mobile"]), width: chance.whole(300, 2000) },
});

/**
 * @param {Chance} chance
 * @param {Json} attributes
 * @returns {Json}
 */
const leaf = (chance, attributes) => {
  const { country, plan, age, premium, tags, version, device } = attributes;
  return chance.weighed([
    [4, { country }],
    [3, { country: { $in: [country, "IT"] } }],
    [2, { plan: { $ne: "none" } }],
    [2, { plan: { $ini: [plan.toUpperCase()] } }],
    [2, { age: { $gte: age ?? 0 } }],
    [1, { age: { $gt: 17 } }],
    [2, { premium }],
    [1, { premium: { $exists: true } }],
    [2, { tags: { $in: [tags[0] ?? "a"] } }],
    [1, { tags: { $size: tags.length } }],
    [1, { tags: { $elemMatch: { $eq: tags[0] ?? "b" } } }],
    [2, { version: { $vgte: version } }],
    [1, { version: { $vlt: "99.0.0" } }],
    [1, { country: { $regex: `^${country.slice(0, 1)}` } }],
    [2, { "device.class": device.class }],
    [1, { "device.width": { $gt: 300, $lt: 2000 } }],
    [1, { nothing: { $exists: false } }],
    [1, { nothing: null }],
    [2, { country: "XX" }],
    [1, { plan: "gold" }],
  ]);
};

/**
 * A condition on a visitor; with groups it may refer to them.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 * @param {Json} [groups]
 * @returns {Json}
 */
export const condition = (chance, attributes, groups) => {
  if (groups && chance.is(0.35)) {
    const id = chance.of(Object.keys(groups));
    return chance.of([
      { $savedGroup: { id } },
      { $savedGroup: { id, attributeKey: "country" } },
      { country: { $inGroup: id } },
      { country: { $notInGroup: id } },
      { $not: { $savedGroup: { id } } },
    ]);
  }
  return chance.weighed([
    [5, leaf(chance, attributes)],
    [2, { ...leaf(chance, attributes), ...leaf(chance, attributes) }],
    [1, { $or: [leaf(chance, attributes), leaf(chance, attributes)] }],
    [1, { $and: [leaf(chance, attributes), leaf(chance, attributes)] }],
    [1, { $not: leaf(chance, attributes) }],
    [1, {}],
  ]);
};

/**
 * Saved groups for such conditions.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 */
export const audiences = (chance, attributes) => ({
  bare: [attributes.country, "IT"],
  list: {
    type: "list",
    attributeKey: chance.of(["country", "plan", "tags"]),
    values: [attributes.country, chance.of(["pro", "vip"])],
  },
  rule: { type: "condition", condition: condition(chance, attributes) },
  nested: { type: "condition", condition: { $savedGroup: { id: chance.of(["list", "rule", "nested", "nobody"]) } } },
});

/**
 * What a variation or a feature may be worth.
 *
 * @param {Chance} chance
 */
export const worth = (chance) =>
  structuredClone(
    chance.of([
      true,
      false,
      0,
      1,
      2,
      "",
      "red",
      "blue",
      null,
      1.5,
      ...LETTERS.slice(12, 16),
      "😀",
      [],
      ["a", 1],
      ...OBJECTS.slice(0, 5),
      { color: "blue", size: [1, null] },
    ]),
  );
