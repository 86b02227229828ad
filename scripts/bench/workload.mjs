/**
 * What an evaluation costs depends on what is evaluated: profiles like our attribute tree, and conditions
 * like those of real payloads.
 *
 * Seeded, so that every run and every side has the same. All profiles have the same shape: told one over
 * the other, each is whole.
 */

import { Chance } from "../oracle/chance.mjs";

/** @import { ConditionInterface } from "@growthbook/growthbook" */

/**
 * @typedef {string | number | boolean | null | string[]} Leaf what a profile has at the end of a path
 * @typedef {{ [key: string]: Leaf | Tree }} Tree
 */

const COUNTRIES = ["DE", "FR", "US", "JP", "NL", "AT", "CH", "GB", "ES", "IT"];
const CATEGORIES = ["boots", "tents", "stoves", "maps", "packs", "jackets"];
const ITEMS = ["sku-1", "sku-2", "sku-3", "sku-4", "sku-5"];

/**
 * Counts of some kinds of event.
 *
 * @param {Chance} chance
 * @param {readonly string[]} names
 * @param {number} most
 */
const counts = (chance, names, most) =>
  Object.fromEntries(names.map((name) => [name, chance.is(0.7) ? chance.whole(1, most) : null]));

/**
 * One visitor's attributes: as `src/profile/attributes.rs` lays them out, and the site's own beside them.
 *
 * @param {Chance} chance
 */
export const profile = (chance) => ({
  visitor: {
    returning: chance.is(0.6),
    sessions: chance.whole(1, 40),
    views: chance.whole(1, 300),
    events: counts(
      chance,
      ["page_view", "view_item", "view_item_list", "add_to_cart", "begin_checkout", "purchase", "search"],
      80,
    ),
    days_known: chance.whole(0, 400),
    recency_days: chance.whole(0, 60),
    orders: chance.whole(0, 6),
    revenue: chance.whole(0, 90_000) / 100,
    days_since_order: chance.is(0.5) ? chance.whole(0, 200) : null,
  },
  session: {
    views: chance.whole(1, 30),
    seconds: chance.whole(0, 2400),
    events: counts(chance, ["page_view", "view_item", "add_to_cart", "search"], 12),
  },
  page: {
    path: chance.of(["/", "/shop", "/shop/boots", "/shop/tents/two", "/cart", "/blog/maps"]),
    referrer: chance.of(["direct", "search", "social", "email", "internal"]),
    language: chance.of(["de", "fr", "en", "ja"]),
    locale: chance.of(["de-DE", "fr-FR", "en-US", "ja-JP"]),
    engaged_seconds: chance.whole(0, 300),
  },
  device: {
    class: chance.of(["desktop", "mobile", "tablet"]),
    browser: chance.of(["chrome", "firefox", "safari"]),
    os: chance.of(["windows", "macos", "ios", "android", "linux"]),
    width: chance.whole(320, 2560),
  },
  campaign: {
    source: chance.of(["newsletter", "google", null]),
    medium: chance.of(["email", "cpc", null]),
    name: chance.of(["spring", "sale", null]),
    network: chance.of(["google", "meta", null]),
  },
  geo: {
    country: chance.of(COUNTRIES),
    region: chance.of(["north", "south", "east", "west"]),
    zone: chance.whole(-8, 9) * 60,
  },
  time: {
    hour: chance.whole(0, 23),
    weekday: chance.whole(0, 6),
    weekend: chance.is(0.3),
    part: chance.of(["morning", "afternoon", "evening", "night"]),
  },
  cart: {
    value: chance.whole(0, 40_000) / 100,
    quantity: chance.whole(0, 5),
    items: chance.list(0, 4, () => chance.of(ITEMS)),
  },
  interest: {
    category: Object.fromEntries(CATEGORIES.map((name) => [name, chance.is(0.6) ? chance.whole(0, 100) / 100 : null])),
    brand: { acme: chance.share(), globex: chance.is(0.5) ? chance.share() : null },
  },
  segment: { hikers: chance.is(0.4), bargain: chance.is(0.2), loyal: chance.is(0.3) },
  id: `u${chance.whole(1, 999_999)}`,
  plan: chance.of(["free", "pro", "enterprise"]),
  employee: chance.is(0.05),
  version: chance.of(["1.2.3", "1.10.0", "2.0.0-rc.1", "2.1.4"]),
  tags: chance.list(0, 4, () => chance.of(["beta", "vip", "press", "trial", "partner"])),
});

/**
 * The paths to everything in a profile that is no object.
 *
 * @param {Tree} tree
 * @param {readonly string[]} [path]
 * @returns {[path: string, value: Leaf][]}
 */
const leaves = (tree, path = []) =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value == "object" && value !== null && !Array.isArray(value)
      ? leaves(value, [...path, key])
      : [[[...path, key].join("."), value]],
  );

/**
 * What is asked of one path, in the shares in which targeting asks it.
 *
 * @param {Chance} chance
 * @param {string} path
 * @param {readonly Leaf[]} values
 * @returns {string | number | boolean | { [operator: string]: unknown }}
 */
const asked = (chance, path, values) => {
  const seen = values.filter((value) => value !== null);
  const value = seen.length > 0 ? chance.of(seen) : 0;
  if (path == "version") return { [chance.of(["$vgte", "$vgte", "$vlt", "$veq"])]: value };
  if (Array.isArray(value))
    return chance.weighed([
      [5, { $in: [value[0] ?? "vip"] }],
      [2, { $elemMatch: { $eq: value[0] ?? "vip" } }],
      [2, { $size: { $gt: chance.whole(0, 2) } }],
      [1, { $all: value.slice(0, 1) }],
    ]);
  if (typeof value == "boolean") return chance.is(0.8) ? value : { $eq: value };
  if (typeof value == "number") {
    const other = /** @type {number} */ (chance.of(seen));
    return chance.weighed([
      [5, { $gt: value }],
      [4, { $gte: value }],
      [4, { $lt: value }],
      [2, { $lte: value }],
      [3, { $gte: Math.min(value, other), $lt: Math.max(value, other) }],
      [2, { $exists: chance.is(0.8) }],
      [1, value],
    ]);
  }
  return chance.weighed([
    [7, { $in: [value, ...chance.list(1, 6, () => chance.of(seen))] }],
    [5, value],
    [3, { $eq: value }],
    [3, { $ne: value }],
    [3, { $nin: chance.list(2, 5, () => chance.of(seen)) }],
    [2, { $exists: chance.is(0.8) }],
    [1, { $regex: `^${value.slice(0, 3).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}` }],
    [1, { $ini: [value.toUpperCase()] }],
  ]);
};

/**
 * @param {Chance} chance
 * @param {readonly (readonly [path: string, values: readonly Leaf[]])[]} paths
 * @returns {ConditionInterface}
 */
const condition = (chance, paths) => {
  const leaf = () => {
    const [path, values] = chance.of(paths);
    return { [path]: asked(chance, path, values) };
  };
  return chance.weighed([
    [45, () => leaf()],
    [22, () => ({ ...leaf(), ...leaf() })],
    [11, () => ({ ...leaf(), ...leaf(), ...leaf() })],
    [10, () => ({ $or: [leaf(), leaf()] })],
    [5, () => ({ ...leaf(), $or: [leaf(), leaf()] })],
    [4, () => ({ $and: [leaf(), leaf()] })],
    [3, () => ({ $not: leaf() })],
  ])();
};

/** The workload of a seed. */
export const workload = ({ seed = 1, conditions = 1000, profiles = 100 } = {}) => {
  const people = Array.from({ length: profiles }, (_, index) => profile(new Chance(seed, "profile", index)));
  const values = new Map();
  /** @type {Map<string, Leaf[]>} */
  for (const person of people)
    for (const [path, value] of leaves(person)) values.set(path, [...(values.get(path) ?? []), value]);
  const paths = [...values];
  return {
    attributes: paths.length,
    profiles: people,
    conditions: Array.from({ length: conditions }, (_, index) =>
      condition(new Chance(seed, "condition", index), paths),
    ),
  };
};

/**
 * What one signal changes in a profile: a few attributes.
 *
 * @param {number} seed
 * @param {number} index
 */
export const step = (seed, index) => {
  const chance = new Chance(seed, "step", index);
  return {
    session: { views: index + 1, seconds: index * 20, events: { page_view: index + 1 } },
    visitor: { views: 100 + index, events: { page_view: 100 + index } },
    page: { path: chance.of(["/", "/shop", "/shop/boots", "/cart"]), engaged_seconds: 0 },
    ...(chance.is(0.2) ? { cart: { value: chance.whole(0, 40_000) / 100, quantity: chance.whole(0, 5) } } : {}),
  };
};
