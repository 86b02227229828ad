/**
 * Values as JSON can say them, chosen where languages disagree: coercion, printing and parsing of
 * numbers, order and case of text beyond ASCII.
 *
 * No lone surrogates: our texts are Unicode scalar values. No names of prototype members: the peer
 * sees those on every object, we on none.
 */

/** @import { Chance } from "./chance.mjs" */
/** @import { Json } from "./types.js" */

/** Text that is a number to one language and none to another. */
export const NUMERIC = [
  "",
  " ",
  "0",
  "-0",
  "5",
  " 5 ",
  "\t5\n",
  "\u00a05",
  "5\ufeff",
  "\u20285\u2029",
  "\u30005",
  "\u00855",
  "\u180e5",
  "\u200b5",
  "+7",
  "--1",
  "- 1",
  "1 2",
  "1,2",
  "1_000",
  "5px",
  ".5",
  "5.",
  ".",
  "-.5e1",
  "1e3",
  "1E3",
  "1e",
  "e1",
  "1e21",
  "1e-7",
  "1e400",
  "-1e400",
  "1e-400",
  "0x10",
  "0X1F",
  "0x",
  "-0x10",
  "0x1.8",
  "0b11",
  "0B2",
  "0o17",
  "010",
  "Infinity",
  "-Infinity",
  "+Infinity",
  "infinity",
  "inf",
  "NaN",
  "nan",
  "null",
  "undefined",
  "true",
  "false",
  "10",
  "9",
  "16",
  "31",
  "1000",
  "0.1",
  "0.30000000000000004",
  "9007199254740993",
  "9007199254740992",
  "0x20000000000003",
  "100000000000000000000",
  "123456789012345678901234567890",
  "5e-324",
  "\u0661",
  "\uff15",
  "\u00b2",
  "1n",
];

/** Text whose case or order differs between alphabets and encodings. */
export const LETTERS = [
  "a",
  "A",
  "b",
  "Z",
  "z",
  "abc",
  "ABC",
  "aBc",
  "é",
  "É",
  "e\u0301",
  "été",
  "ÉTÉ",
  "ß",
  "ẞ",
  "ss",
  "SS",
  "İ",
  "i̇",
  "I",
  "ı",
  "i",
  "Σ",
  "σ",
  "ς",
  "ΟΔΟΣ",
  "οδος",
  "οδοσ",
  "Σ.",
  "ΑΣ Β",
  "Ǆ",
  "ǅ",
  "ǆ",
  "\u212a",
  "k",
  "K",
  "\u212b",
  "å",
  "Å",
  "ſ",
  "s",
  "ﬀ",
  "ff",
  "日本",
  "日",
  "ﾊ",
  "😀",
  "😁",
  "👩‍👧",
  "𝒳",
  "𐐀",
  "𐐨",
  "\uffee",
  "\ue000",
  "\u2028",
  "x\u0000y",
  "Ω",
  "\u2126",
  "ω",
  "Ա",
  "ա",
  "Ꭰ",
  "ꭰ",
  "ა",
  "Ა",
  "[object Object]",
  "[object object]",
  "1,2",
  "a,b",
  '"',
  "\\",
];

/** Numbers that print, parse or round in a way of their own. */
export const NUMBERS = [
  0,
  -0,
  1,
  -1,
  2,
  3,
  5,
  7,
  10,
  16,
  31,
  1000,
  0.5,
  -0.5,
  1.5,
  10.5,
  0.1,
  0.1 + 0.2,
  0.3,
  1e3,
  1e20,
  1e21,
  1e22,
  1.5e300,
  -1e21,
  1e-6,
  1e-7,
  1.5e-9,
  5e-324,
  Number.MAX_VALUE,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  2 ** 53 - 1,
  123456789012345680000,
  0x20000000000004,
  100,
  99999,
  1 / 3,
];

export const LISTS = [
  [],
  [5],
  ["5"],
  [" 5 "],
  [[5]],
  [[[]]],
  [null],
  [[null]],
  [0],
  [""],
  [false],
  [true],
  [1, 2],
  ["1", "2"],
  [2, 1],
  ["a", "b"],
  ["b", "a"],
  ["A"],
  [1, null, 2],
  [[1, 2], 3],
  [{}],
  [{ a: 1 }],
  [{ a: 1 }, { a: 2 }],
  [1e21],
  [-0],
  [0.1 + 0.2],
  ["é"],
  ["😀", "日本"],
  [null, 0, "", false, "a"],
  [["a"], ["b", ["c"]]],
];

export const OBJECTS = [
  {},
  { a: 1 },
  { a: "1" },
  { a: null },
  { a: 1, b: 2 },
  { b: 2, a: 1 },
  { a: { b: [1, { c: null }] } },
  { a: { b: 1, c: 2 } },
  { a: { c: 2, b: 1 } },
  { "": 1 },
  { "a.b": 1 },
  { length: 2 },
  { 1: "x", b: 0 },
  { é: "😀" },
  { a: [], b: {} },
  { a: 1e21, b: -0 },
];

/** @type {[weight: number, pool: readonly Json[]][]} */
const POOLS = [
  [6, NUMERIC],
  [6, LETTERS],
  [8, NUMBERS],
  [4, [true, false]],
  [3, [null]],
  [5, LISTS],
  [4, OBJECTS],
];

/** @param {Chance} chance */
export const anything = (chance) => structuredClone(chance.of(chance.weighed(POOLS)));

/** @param {Chance} chance */
export const text = (chance) => chance.of(chance.is(0.4) ? NUMERIC : LETTERS);

/** @param {Chance} chance */
export const scalar = (chance) => chance.of(chance.weighed(POOLS.slice(0, 5)));

/**
 * What JavaScript calls the type, with lists and null told apart.
 *
 * @param {Json} value
 */
export const typeOf = (value) => {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value == "string" ? "text" : typeof value;
};

/** @param {Json} value */
const isObject = (value) => typeof value == "object" && value !== null && !Array.isArray(value);

/**
 * The same object with its keys, at every depth, in another order.
 *
 * @param {Chance} chance
 * @param {Json} value
 * @returns {Json}
 */
export const reordered = (chance, value) => {
  if (Array.isArray(value)) return value.map((item) => reordered(chance, item));
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const order = keys.length == 2 ? keys.reverse() : chance.shuffled(keys);
  return Object.fromEntries(order.map((key) => [key, reordered(chance, value[key])]));
};

/**
 * @param {Chance} chance
 * @param {string} text
 */
const cased = (chance, text) =>
  chance.of([text.toLowerCase(), text.toUpperCase(), text.normalize("NFD"), text.normalize("NFC")]);

/** @param {number} number */
const finite = (number) => (Number.isFinite(number) ? number : 0);

/**
 * Something that JavaScript's coercions may or may not take for `value`.
 *
 * @param {Chance} chance
 * @param {Json} value
 */
export const like = (chance, value) => {
  const same = structuredClone(value ?? null);
  switch (typeOf(value)) {
    case "missing":
    case "null":
      return chance.of([null, null, 0, false, "", "null", "undefined", [], {}, [null], "0"]);
    case "boolean":
      return chance.of([value, value, !value, Number(value), String(value), [value], value ? 2 : 0, value ? "x" : ""]);
    case "number":
      return chance.of([
        value,
        value,
        value,
        String(value),
        String(value),
        String(value),
        String(value),
        ` ${value} `,
        [value],
        [[value]],
        [String(value)],
        value != 0,
        value + 1,
        -value,
        `${value}.0`,
        value.toExponential(),
        finite(value * (1 + Number.EPSILON)),
        Number.isSafeInteger(value) && value >= 0 ? `0x${value.toString(16)}` : `${value}0`,
      ]);
    case "text":
      return chance.of([
        value,
        value,
        value,
        finite(Number(value)),
        finite(Number(value)),
        finite(Number(value)),
        cased(chance, value),
        cased(chance, value),
        [value],
        `${value} `,
        value != "",
        null,
        [[value], []],
        `${value}\u0000`,
      ]);
    case "list":
      return chance.of([
        same,
        same,
        same,
        [...same].reverse(),
        String(value),
        String(value),
        finite(Number(value)),
        JSON.stringify(value),
        same.map(String),
        [same],
        same[0] ?? null,
        true,
        [...same, null],
        same.length,
        reordered(chance, same),
        reordered(chance, same),
      ]);
    default:
      return chance.of([
        same,
        same,
        reordered(chance, same),
        reordered(chance, same),
        { ...same, z: 0 },
        "[object Object]",
        JSON.stringify(value),
        true,
        [same],
        Object.values(same)[0] ?? {},
        0,
      ]);
  }
};
