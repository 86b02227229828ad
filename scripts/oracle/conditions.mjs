/** Conditions with attributes to hold them against, in families that each press on one part of the language. */

import { groupCase, valuesNear } from "./groups.mjs";
import { folds, NO_PATTERNS, pattern } from "./patterns.mjs";
import { condition as targeting, visitor } from "./targeting.mjs";
import { anything, like, LETTERS, OBJECTS, reordered, scalar, typeOf } from "./values.mjs";

/** @import { Chance } from "./chance.mjs" */
/** @import { Json, Named } from "./types.js" */

/** Every operator there is. */
export const OPERATORS = [
  "$eq",
  "$ne",
  "$lt",
  "$lte",
  "$gt",
  "$gte",
  "$exists",
  "$in",
  "$nin",
  "$ini",
  "$nini",
  "$all",
  "$alli",
  "$elemMatch",
  "$size",
  "$regex",
  "$regexi",
  "$not",
  "$type",
  "$veq",
  "$vne",
  "$vgt",
  "$vgte",
  "$vlt",
  "$vlte",
  "$inGroup",
  "$notInGroup",
];

/** Words that look like operators of a value. */
const NO_OPERATORS = [
  "$foo",
  "$EQ",
  "$and",
  "$or",
  "$nor",
  "$savedGroup",
  "$",
  "$text",
  "$mod",
  "$is",
  "$$eq",
  "$eq ",
  "$nein",
];

/**
 * Attributes with a value at `a`; without it where the value is missing.
 *
 * @param {Json} value
 * @param {Json} [more]
 */
const at = (value, more = {}) => (value === undefined ? { ...more } : { a: value, ...more });

/**
 * Whether the SDK reads this as a condition on purpose.
 *
 * It asks for the entries of whatever stands there, so that a text becomes a condition on its letters, a
 * list one on its items. No server writes such a payload: what an accident means is out of scope here.
 *
 * @param {Json} value
 */
const readable = (value) => !["text", "list"].includes(typeOf(value)) || value.length == 0;

/** @param {Chance} chance */
const maybe = (chance) => (chance.is(0.08) ? undefined : anything(chance));

/**
 * No object that would be read as operators, except where that is wanted.
 *
 * @param {Json} value
 */
const plain = (value) =>
  typeOf(value) == "object" && Object.keys(value).some((key) => key.startsWith("$")) ? {} : value;

/** @param {Chance} chance */
const implicit = (chance) => {
  const value = maybe(chance);
  const condition = plain(chance.is(0.85) ? like(chance, value) : anything(chance));
  return { about: `${typeOf(condition)} against ${typeOf(value)}`, condition: { a: condition }, attributes: at(value) };
};

/** @param {Chance} chance */
const keyOrder = (chance) => {
  const value = chance.of(OBJECTS.filter((object) => Object.keys(object).length > 0));
  const whole = chance.is(0.3) ? [value, 1] : chance.is(0.3) ? { x: value, y: [] } : value;
  const condition = chance.is(0.35) ? whole : reordered(chance, whole);
  return {
    about: "order of keys",
    condition: { a: structuredClone(condition) },
    attributes: at(structuredClone(whole)),
  };
};

/** @param {Chance} chance */
const compared = (chance) => {
  const [value, operand] = chance.is(0.3)
    ? [chance.of(LETTERS), chance.of(LETTERS)]
    : ((value) => [value, chance.is(0.5) ? like(chance, value) : anything(chance)])(maybe(chance));
  const operator = chance.of(["$eq", "$ne", "$lt", "$lte", "$gt", "$gte"]);
  const range = chance.is(0.15) ? { [chance.of(["$gte", "$lt"])]: like(chance, operand) } : {};
  return {
    about: `${operator} of ${typeOf(operand)} and ${typeOf(value)}`,
    condition: { a: { [operator]: operand, ...range } },
    attributes: at(value),
  };
};

/** @param {Chance} chance */
const member = (chance) => {
  const value = chance.is(0.3) ? chance.list(0, 3, () => scalar(chance)) : maybe(chance);
  const operator = chance.of(["$in", "$nin", "$ini", "$nini"]);
  const values = typeof value == "number" && chance.is(0.4) ? [String(value), value + 1] : valuesNear(chance, value);
  return {
    about: `${operator} of ${typeOf(value)}`,
    condition: { a: { [operator]: chance.is(0.05) ? [] : values } },
    attributes: at(value),
  };
};

/** @param {Chance} chance */
const lowered = (chance) => {
  const value = chance.of(LETTERS.filter((letters) => letters.toLowerCase() != letters.toUpperCase()));
  const other = chance.of([
    value.toLowerCase(),
    value.toUpperCase(),
    value.toUpperCase().toLowerCase(),
    value.normalize("NFC"),
    chance.of(LETTERS),
  ]);
  const operator = chance.of([
    "$ini",
    "$nini",
    "$alli",
    "$all",
    "$in",
    "$nin",
    "$not",
    "$regex",
    folds(value, other) ? "$regexi" : "$ini",
  ]);
  const list = operator.startsWith("$al");
  const operand =
    operator == "$not" ? other : operator.startsWith("$regex") ? other.replace(/[^\p{L}]/gu, "") : [other];
  return {
    about: `${operator} beyond ASCII`,
    condition: { a: { [operator]: operand } },
    attributes: at(list ? [value, 5] : value),
  };
};

/** @param {Chance} chance */
const every = (chance) => {
  const value = chance.is(0.9) ? chance.list(0, 4, () => anything(chance)) : maybe(chance);
  const operator = chance.of(["$all", "$alli"]);
  const item = () => {
    const own = Array.isArray(value) && value.length > 0 ? chance.of(value) : anything(chance);
    return chance.weighed([
      [5, own],
      [4, like(chance, own)],
      [1, { $exists: chance.is(0.5) }],
      [1, { $gt: like(chance, own) }],
      [1, { $in: [own] }],
      [1, { $type: chance.of(["string", "number", "null"]) }],
    ]);
  };
  return {
    about: `${operator} of ${typeOf(value)}`,
    condition: { a: { [operator]: chance.list(0, 2, item) } },
    attributes: at(value),
  };
};

/** @param {Chance} chance */
const elements = (chance) => {
  const element = () =>
    chance.of([
      null,
      0,
      "",
      false,
      -0,
      anything(chance),
      anything(chance),
      { a: scalar(chance), b: chance.whole(0, 2) },
      { tags: [scalar(chance)] },
      [scalar(chance)],
    ]);
  const value = chance.is(0.95) ? chance.list(0, 4, element) : maybe(chance);
  const own = Array.isArray(value) && value.length > 0 ? chance.of(value) : null;
  const field = own?.a ?? null;
  const operand = chance.weighed([
    [3, { $eq: typeof own == "object" ? scalar(chance) : own }],
    [2, { $lt: like(chance, own) }],
    [2, { $in: [own, scalar(chance)] }],
    [2, { $exists: chance.is(0.5) }],
    [2, { $not: { $eq: own } }],
    [1, { $type: chance.of(["null", "object", "number", "string", "boolean", "array"]) }],
    [1, { $size: 1 }],
    [4, { a: like(chance, field) }],
    [2, { a: { $gte: field }, b: { $gt: 0 } }],
    [2, { $or: [{ a: field }, { b: 1 }], a: { $exists: true } }],
    [1, { $or: [{ a: field }, { b: 1 }] }],
    [1, { $not: { a: field } }],
    [1, { $not: { a: field }, b: 1 }],
    [1, { tags: { $elemMatch: { $exists: true } } }],
    [1, { "tags.0": own?.tags?.[0] ?? 0 }],
    [1, { 0: Array.isArray(own) ? like(chance, own[0]) : "a" }],
    [1, {}],
    [1, { length: 1 }],
    [1, { $savedGroup: { id: "g" }, a: field }],
  ]);
  return {
    about: "$elemMatch",
    condition: { a: { $elemMatch: operand } },
    attributes: at(value),
    groups: { g: { type: "list", attributeKey: "a", values: [field] } },
  };
};

/** @param {Chance} chance */
const measured = (chance) => {
  const value = maybe(chance);
  const length = value?.length ?? 0;
  const operator = chance.of(["$size", "$type", "$exists"]);
  /** @type {{ [operator: string]: () => Json }} */
  const operands = {
    $size: () =>
      chance.of([
        length,
        length,
        String(length),
        { $gt: length - 1 },
        { $lt: length, $exists: true },
        { $in: [length] },
        [length],
        true,
        null,
        { $not: length },
        {},
        ` ${length}`,
      ]),
    $type: () =>
      chance.of([
        "string",
        "number",
        "boolean",
        "array",
        "object",
        "null",
        "undefined",
        "unknown",
        "Array",
        "text",
        "list",
        null,
        5,
        ["null"],
      ]),
    $exists: () => chance.of([true, false, true, false, 0, 1, "", "0", "false", null, [], {}]),
  };
  const operand = operands[operator]();
  const condition = chance.is(0.15) ? { $not: { [operator]: operand } } : { [operator]: operand };
  return { about: `${operator} of ${typeOf(value)}`, condition: { a: condition }, attributes: at(value) };
};

/** @param {Chance} chance */
const matched = (chance) => {
  const { pattern: written, subject } = pattern(chance);
  const operator = chance.of(["$regex", "$regex", folds(String(written), String(subject)) ? "$regexi" : "$regex"]);
  const operand = chance.is(0.05) ? chance.of(NO_PATTERNS) : written;
  const condition = chance.is(0.1) ? { $not: { [operator]: operand } } : { [operator]: operand };
  return {
    about: `${operator} ${typeof operand == "string" ? operand : typeOf(operand)}`,
    condition: { a: condition },
    attributes: at(chance.is(0.02) ? undefined : structuredClone(subject)),
  };
};

const PARTS = [
  "0",
  "1",
  "2",
  "3",
  "9",
  "10",
  "01",
  "9999",
  "10000",
  "00001",
  "99999",
  "100000",
  "123456",
  "rc",
  "alpha",
  "beta",
  "x",
  "é",
  "~",
  "",
  "１",
  "1a",
];
const VERSIONS = [
  "",
  "v",
  "V1.2.3",
  "vv1.2.3",
  "1.2.3+b",
  "v1.2.3-rc.1+b",
  "+b",
  "1.2.3+b\nc",
  "1+2-3",
  " 1.2.3",
  "1.2.3\n",
  "1.2.3-",
  "..",
  "-",
];

/** @param {Chance} chance */
const versions = (chance) => {
  const version = () => {
    if (chance.is(0.15)) return chance.of(VERSIONS);
    if (chance.is(0.12)) return chance.of([1, 1.2, 0, -1, 1e21, 1e-7, true, false, null, [], ["1.2.3"], {}]);
    const parts = [
      ...chance.list(1, 4, () => chance.of(PARTS.slice(0, 11))),
      ...(chance.is(0.3) ? [chance.of(PARTS), chance.of(PARTS)] : []),
    ];
    return `${chance.of(["", "", "", "v", "V"])}${parts.join(chance.is(0.85) ? "." : "-")}${chance.is(0.25) ? `-${chance.of(PARTS)}` : ""}${chance.is(0.1) ? "+build.7" : ""}`;
  };
  const value = version();
  const near = () =>
    chance.of([
      value,
      `v${value}`,
      `${value}+x`,
      `${value}.0`,
      `${value}-rc`,
      String(value).replace(/\d/, (digit) => `0${digit}`),
      String(value).replace(/\d/, "2"),
      String(value).replace(".", "-"),
    ]);
  const operator = chance.of(["$veq", "$vne", "$vgt", "$vgte", "$vlt", "$vlte"]);
  return {
    about: operator,
    condition: { a: { [operator]: chance.is(0.6) ? near() : version() } },
    attributes: at(chance.is(0.03) ? undefined : value),
  };
};

/** @param {Chance} chance */
const paths = (chance) => {
  const attributes = {
    a: {
      b: { c: scalar(chance) },
      list: [scalar(chance), { b: scalar(chance) }, [1, 2, [3]]],
      text: "xyz",
      none: null,
      "": 7,
      0: "zero",
    },
    list: [{ b: 1 }, { b: [5, 6] }, null],
    "a.b": "literal",
    "": { "": 8, x: 9 },
    é: { 日: 1 },
    $a: 3,
    A: 1,
  };
  const path = chance.of([
    "a.b.c",
    "a.b",
    "a.list.0",
    "a.list.1.b",
    "a.list.2.2.0",
    "a.list.length",
    "a.list.3",
    "a.list.01",
    "a.list.-1",
    "a.list.1.5",
    "a.list.+1",
    "a.list. 1",
    "a.list.1e0",
    "a.text.length",
    "a.text.0",
    "a.none.x",
    "a.none",
    "a.",
    "a.0",
    "list.1.b.1",
    "list.2.b",
    "list.length",
    "list.length.length",
    "list.1.b.length",
    "a.b.",
    ".x",
    ".",
    "",
    "..",
    "é.日",
    "é.日.x",
    "$a",
    "$b",
    "A.b",
    "A",
    "a.B",
    "a.b.c.d",
    "nothing",
    "nothing.at.all",
    "list.0x1.b",
    "list.1.b.length.x",
    "a. b",
  ]);
  const found = path
    .split(".")
    .reduce(
      (/** @type {Json} */ here, key) =>
        typeof here == "object" && here !== null && Object.hasOwn(here, key) ? here[key] : null,
      attributes,
    );
  const condition = chance.weighed([
    [4, plain(structuredClone(found))],
    [2, plain(like(chance, found))],
    [2, { $exists: chance.is(0.5) }],
    [1, { $eq: found }],
    [1, null],
    [1, { $type: chance.of(["number", "null", "object"]) }],
  ]);
  return { about: `path ${JSON.stringify(path)}`, condition: { [path]: condition }, attributes };
};

/** @param {Chance} chance */
const malformed = (chance) => {
  const value = chance.is(0.3) ? chance.list(0, 2, () => scalar(chance)) : maybe(chance);
  const lists = ["$in", "$nin", "$ini", "$nini", "$all", "$alli"];
  const operator = chance.of(chance.is(0.4) ? lists : [...OPERATORS, ...NO_OPERATORS, ...NO_OPERATORS]);
  const drawn = operator.startsWith("$regex") ? chance.of(NO_PATTERNS) : anything(chance);
  const operand = operator == "$elemMatch" && !readable(drawn) ? {} : drawn;
  const operators = chance.weighed([
    [6, { [operator]: operand }],
    [1, { [operator]: operand, $exists: true }],
    [2, { [operator]: operand, x: 1 }],
    [1, { x: 1, [operator]: operand }],
    [1, { "": operand }],
    [2, { $not: { [operator]: operand } }],
    [1, { $not: operand }],
  ]);
  // A plain object with such a key is compared as a whole.
  const own = chance.is(0.1) ? structuredClone(operators) : value;
  return { about: `${operator} of ${typeOf(operand)}`, condition: { a: operators }, attributes: at(own) };
};

/** @param {Chance} chance */
const malformedLogic = (chance) => {
  const attributes = { a: scalar(chance), 0: "a" };
  const operand = chance.of([
    5,
    0,
    true,
    false,
    "",
    "ab",
    null,
    {},
    { a: attributes.a },
    [],
    [5],
    ["a"],
    [[]],
    [true],
    [""],
    [null],
    [{}, null],
    [null, {}],
    [{ a: 1 }, []],
  ]);
  const among = ["$and", "$or", "$nor"];
  /** @param {Json} logic */
  const fits = (logic) =>
    among.includes(logic)
      ? [operand].flat().every(readable)
      : ["$savedGroup", "$eq"].includes(logic) || readable(operand);
  const logic = chance.of([...among, "$not", "$savedGroup", "$elemMatch", "$eq"].filter(fits));
  const inner = logic == "$elemMatch" || logic == "$eq" ? { a: { [logic]: operand } } : { [logic]: operand };
  const condition = chance.is(0.3) ? { $not: inner } : chance.is(0.2) ? { ...inner, a: attributes.a } : inner;
  return {
    about: `${logic} of ${typeOf(operand)}`,
    condition,
    attributes: logic == "$elemMatch" ? { a: [attributes.a, { 0: "a" }] } : attributes,
  };
};

/** @param {Chance} chance */
const logic = (chance) => {
  const attributes = { a: anything(chance), b: { c: scalar(chance) } };
  const leaf = () =>
    chance.weighed([
      [3, { a: plain(like(chance, attributes.a)) }],
      [2, { "b.c": { $eq: attributes.b.c } }],
      [1, { "b.c": { $ne: attributes.b.c } }],
      [1, {}],
      [1, { a: { $exists: true }, x: null }],
    ]);
  /**
   * @param {number} depth
   * @returns {Json}
   */
  const nested = (depth) => {
    if (depth == 0) return leaf();
    const several = () => chance.list(0, 3, () => nested(depth - 1));
    return chance.weighed([
      [2, { $and: several() }],
      [2, { $or: several() }],
      [2, { $nor: several() }],
      [2, { $not: nested(depth - 1) }],
      [1, { $or: several(), $nor: several() }],
      [1, { $and: several(), ...leaf() }],
      [1, leaf()],
    ]);
  };
  return { about: "nested logic", condition: nested(chance.whole(1, 4)), attributes };
};

/** @param {Chance} chance */
const realistic = (chance) => {
  const attributes = visitor(chance);
  return { about: "targeting", condition: targeting(chance, attributes), attributes };
};

/** @type {[weight: number, make: (chance: Chance) => { about: string, condition: Json, attributes: Json, groups?: Json }][]} */
const FAMILIES = [
  [17, implicit],
  [3, keyOrder],
  [15, compared],
  [8, member],
  [6, lowered],
  [5, every],
  [7, elements],
  [5, measured],
  [8, matched],
  [7, versions],
  [6, paths],
  [8, malformed],
  [5, malformedLogic],
  [6, logic],
  [9, groupCase],
  [4, realistic],
];

/**
 * One case of `evalCondition`.
 *
 * @param {Chance} chance
 * @param {Named} name
 */
export const evalConditionCase = (chance, name) => {
  const { about, condition, attributes, groups } = chance.weighed(FAMILIES)(chance);
  const kase = [name(about), condition, attributes, undefined];
  return groups ? [...kase, groups] : kase;
};
