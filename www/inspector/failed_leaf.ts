/** Why a condition does not hold, in a sentence: `session.views is 1, expected at least 2`. */

import { nearest } from "../loader/warn.js";
import type { FailedLeaf, Inspection } from "./access.js";
import { leaves, valueText } from "./values.js";

const listText = (expected: unknown): string =>
  Array.isArray(expected) ? expected.map(valueText).join(", ") : valueText(expected);

/** What each operator expects; `docs/conditions.md` says what they mean. */
const EXPECTED: { readonly [operator: string]: (expected: unknown) => string } = {
  $eq: valueText,
  $ne: (expected) => `anything but ${valueText(expected)}`,
  $lt: (expected) => `less than ${valueText(expected)}`,
  $lte: (expected) => `at most ${valueText(expected)}`,
  $gt: (expected) => `more than ${valueText(expected)}`,
  $gte: (expected) => `at least ${valueText(expected)}`,
  $exists: (expected) => (expected ? "any value" : "none"),
  $in: (expected) => `one of ${listText(expected)}`,
  $nin: (expected) => `none of ${listText(expected)}`,
  $ini: (expected) => `one of ${listText(expected)}`,
  $nini: (expected) => `none of ${listText(expected)}`,
  $all: (expected) => `all of ${listText(expected)}`,
  $alli: (expected) => `all of ${listText(expected)}`,
  $size: (expected) => `a list of ${valueText(expected)}`,
  $type: (expected) => `a value of type ${valueText(expected)}`,
  $elemMatch: (expected) => `an item for which ${valueText(expected)} holds`,
  $regex: (expected) => `a text that matches ${valueText(expected)}`,
  $regexi: (expected) => `a text that matches ${valueText(expected)}`,
  $inGroup: (expected) => `a member of the group ${valueText(expected)}`,
  $notInGroup: (expected) => `no member of the group ${valueText(expected)}`,
  $veq: (expected) => `the version ${valueText(expected)}`,
  $vne: (expected) => `another version than ${valueText(expected)}`,
  $vlt: (expected) => `a version before ${valueText(expected)}`,
  $vlte: (expected) => `at most the version ${valueText(expected)}`,
  $vgt: (expected) => `a version after ${valueText(expected)}`,
  $vgte: (expected) => `at least the version ${valueText(expected)}`,
};

/** Without a full stop. */
export const leafText = ({ attribute, operator, expected, actual, negated }: FailedLeaf): string => {
  const wanted = EXPECTED[operator]?.(expected) ?? `${operator} ${valueText(expected)}`;
  const is = actual === null || actual === undefined ? "missing" : valueText(actual);
  return `${attribute} is ${is}, expected ${negated ? "not " : ""}${wanted}`;
};

/** The attribute that a path is probably a misspelling of, where nothing stands at that path. */
export const meantAttribute = ({ attribute, actual }: FailedLeaf, { attributes }: Inspection): string | undefined =>
  actual === null || actual === undefined
    ? nearest(
        attribute,
        leaves(attributes).map(([path]) => path),
      )
    : undefined;
