/** Hashes, buckets and weights by themselves, with edges where a bucket lies exactly. */

import { bucket } from "./judge.mjs";
import { identity } from "./targeting.mjs";
import { LISTS, NUMBERS, OBJECTS, text } from "./values.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

const SEEDS = ["", "exp-a", "homepage-hero", "s", "été", "日本", "😀", "__x", "a b", "5", "\u0000"];

/** @param {Chance} chance */
export const seed = (chance) => (chance.is(0.7) ? chance.of(SEEDS) : text(chance));

/**
 * Whatever may be hashed. Falsy values never come this far in the SDK.
 *
 * @param {Chance} chance
 * @returns {Json}
 */
const hashed = (chance) =>
  chance.weighed([
    [5, `${chance.of(["", "user", "visitor-", "é", "😀"])}${chance.whole(0, 99999)}`],
    [4, text(chance)],
    [3, chance.of(NUMBERS)],
    [1, chance.of([true, false])],
    [1, structuredClone(chance.of(LISTS))],
    [1, structuredClone(chance.of(OBJECTS))],
  ]);

/** @param {Chance} chance */
export const hashCase = (chance) => [
  seed(chance),
  hashed(chance),
  chance.weighed([
    [8, 1],
    [8, 2],
    [1, chance.of([0, 3, -1, 1.5, 10])],
  ]),
  undefined,
];

/**
 * Weights for `n` variations: right, nearly right, at the tolerance, and wrong.
 *
 * @param {Chance} chance
 * @param {number} n
 */
export const weights = (chance, n) => {
  const equal = Array.from({ length: n }, () => 1 / n);
  /** @param {number} total */
  const split = (total) => {
    const cuts = chance.list(
      n - 1,
      n - 1,
      () => chance.of([0, 0.1, 0.2, 0.25, 0.3, 0.3333, 0.4, 0.5]) / Math.max(1, n - 1),
    );
    return [...cuts, total - cuts.reduce((sum, cut) => sum + cut, 0)];
  };
  if (n < 1) return chance.of([[], [1], [0.5, 0.5]]);
  return chance.weighed([
    [3, equal],
    [5, chance.shuffled(split(1))],
    [
      5,
      chance.shuffled(
        split(chance.of([0.98, 0.99, 1.01, 1.02, 0.9899999999, 1.0100000001, 0.9900000001, 0.995, 1.005])),
      ),
    ],
    [1, split(chance.of([0.99, 1.01])).map((weight) => weight + chance.of([0, Number.EPSILON, -Number.EPSILON]))],
    [1, [...equal, 0]],
    [1, equal.slice(1)],
    [1, []],
    [1, equal.map(() => chance.of([0, 1, 0.5]))],
    [1, [1.5, ...split(-0.5).slice(1)].slice(0, n)],
    [1, [-0.5, 1.5, ...equal.map(() => 0)].slice(0, n)],
    [1, equal.map((_, index) => (index == 0 ? 1 : 0))],
    [1, equal.map((_, index) => (index == n - 1 ? 1 : 0))],
  ]);
};

/** @param {Chance} chance */
export const coverage = (chance) =>
  chance.of([1, 1, 1, 1, 0.99, 0.9999, 0.9, 0.6, 0.5, 1 / 3, 1e-9, 0, -0, -0.5, 1.0001, 1.5, 2]);

/**
 * @param {Chance} chance
 * @param {Named} name
 */
export const bucketRangeCase = (chance, name) => {
  const n = chance.weighed([
    [8, chance.whole(2, 4)],
    [1, 1],
    [1, 0],
    [1, chance.whole(5, 12)],
    [1, -1],
  ]);
  const own = chance.is(0.2) ? null : weights(chance, n);
  const covered = coverage(chance);
  const sum = own?.reduce((sum, weight) => sum + weight, 0);
  return [
    name(`${n} variations, coverage ${covered}, ${own ? `${own.length} weights of ${sum}` : "no weights"}`),
    [n, covered, own],
    undefined,
  ];
};

/**
 * A range that begins, ends or lies around `n`.
 *
 * @param {Chance} chance
 * @param {number} n
 */
const rangeAt = (chance, n) => {
  const other = chance.of([0, 1, 0.5, chance.whole(0, 9999) / 10000]);
  return chance.of([
    [n, 1],
    [n, 1],
    [n, n + 0.0001],
    [0, 1],
    [0, 1],
    [0, n],
    [n, n],
    [n - 0.0001, n],
    [Math.min(n, other), Math.max(n, other)],
    [1, 0],
    [other, 1],
    [0, other],
    [-1, 2],
  ]);
};

/**
 * @param {Chance} chance
 * @param {number} count
 * @param {number} n
 */
export const ranges = (chance, count, n) => chance.list(count, count, () => rangeAt(chance, n));

/**
 * Ranges that lie side by side, cut exactly at `n`, with or without a gap.
 *
 * @param {Chance} chance
 * @param {number} count
 * @param {number} n
 */
export const adjoining = (chance, count, n) => {
  const cuts = [
    0,
    ...chance.list(count - 1, count - 1, () => (chance.is(0.5) ? n : chance.whole(0, 100) / 100)).sort((a, b) => a - b),
    1,
  ];
  const share = chance.of([1, 1, 1, 0.5, 0.9]);
  return cuts.slice(1).map((to, index) => [cuts[index], cuts[index] + (to - cuts[index]) * share]);
};

/**
 * @param {Chance} chance
 * @param {Named} name
 */
export const chooseVariationCase = (chance, name) => {
  const n = chance.of([0, 0.5, 0.9999, 1, chance.whole(0, 9999) / 10000, 1 / 3]);
  const list = chance.is(0.5) ? adjoining(chance, chance.whole(1, 4), n) : ranges(chance, chance.whole(0, 3), n);
  return [name(`${n} in ${list.length} ranges`), n, list, undefined];
};

/**
 * A namespace whose edges may touch the bucket of `value`.
 *
 * @param {Chance} chance
 * @param {Json} value
 */
export const namespace = (chance, value) => {
  const id = chance.of(["pricing", "", "été", "😀", "ns"]);
  const [from, to] = rangeAt(chance, bucket(`__${id}`, value, 1));
  return [id, from, to];
};

/**
 * @param {Chance} chance
 * @param {Named} name
 */
export const inNamespaceCase = (chance, name) => {
  const value = hashed(chance);
  const [id, from, to] = namespace(chance, value);
  return [name(`${from} to ${to}`), value, [id, from, to], undefined];
};

/** @param {Chance} chance */
export const equalWeightsCase = (chance) => [chance.whole(-2, 20), undefined];

/**
 * Filters of which most let `attributes` through.
 *
 * @param {Chance} chance
 * @param {Json} attributes
 */
export const filters = (chance, attributes) =>
  chance.list(1, chance.is(0.3) ? 2 : 1, () => {
    const attribute = chance.weighed([
      [5, undefined],
      [4, "deviceId"],
      [1, "company"],
      [0.5, "nothing"],
      [1, ""],
    ]);
    const version = chance.weighed([
      [6, undefined],
      [3, 1],
      [2, 2],
      [0.5, 3],
      [1, 0],
    ]);
    const own = seed(chance);
    const n = bucket(own, attributes[attribute || "id"] ?? identity(chance), version || 2);
    const list = chance.weighed([
      [6, [[0, 1]]],
      [4, adjoining(chance, 2, n)],
      [3, ranges(chance, chance.whole(1, 2), n)],
      [0.5, []],
      [3, [[n, n + 0.0001]]],
      [1, [[0, n]]],
    ]);
    return {
      seed: own,
      ranges: list,
      ...(attribute == undefined ? {} : { attribute }),
      ...(version == undefined ? {} : { hashVersion: version }),
    };
  });
