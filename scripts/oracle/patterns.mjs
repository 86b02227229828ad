/**
 * Regular expressions as ECMAScript has them without a flag, and texts to try them on.
 *
 * The SDK remembers a compiled pattern by its text, with "/i" behind it for `$regexi`, and looks operands
 * that are no text up in the same place. So no pattern here ends in "/i", and none reads like one of
 * `NO_PATTERNS`: else an answer would depend on the cases before it.
 */

/** @import { Chance } from "./chance.mjs" */

/** Each a family: patterns, and texts that some of them match. */
const FAMILIES = [
  [
    ["^a", "a$", "^$", "b", "^abc$", "a|b", "(?:a|b)c", "a.c", "a..c", "ab?c", "ab*?c", "a{2}", "a{2,3}?b", "a+b"],
    ["a", "abc", "aabc", "aaab", "", "a\nc", "a\u2028c", "xaby", "ac"],
  ],
  [
    [
      "^.$",
      "^..$",
      "^.{3}$",
      "^[^a]$",
      "^[^a]{2}$",
      "^\\S$",
      "^\\W{2}$",
      "\\ud83d",
      "^\\ud83d[\\udc00-\\udfff]$",
      "[😀]",
      "^[😀]$",
      "^[😀]{2}$",
      "😀+$",
      "^(?:😀)+$",
      "^\\u{61}$",
    ],
    ["😀", "😁", "é", "a😀", "😀😀", "日", "a", "\n", "u".repeat(61)],
  ],
  [
    [
      "a(?=b)",
      "a(?!b)",
      "(?<=a)b",
      "(?<!a)b",
      "^(?=.*\\d)(?=.*[a-z]).{3,}$",
      "(?<=^|,)b(?=,|$)",
      "(?=a)*b",
      "(?<=(\\d)(\\d))x",
      "(?<![^,])b",
    ],
    ["ab", "b", "ac", "a,b", "a1b", "12x", "b,c", "cb", "ab,b"],
  ],
  [
    [
      "^(a)\\1$",
      "(.)\\1",
      "^(?<x>.)\\k<x>$",
      "(a)|b\\1",
      "\\1(a)",
      "^(?:(a)|b)*\\1$",
      "\\k<x>(?<x>a)",
      "\\2",
      "(a)\\10",
    ],
    ["aa", "bb", "ab", "b", "a", "aab", "xyyz", "😀😀", "\u0002", "aa0"],
  ],
  [
    ["\\d", "^\\d+$", "\\D", "^\\w+$", "\\W", "^\\s", "\\S", "\\bb", "b\\B", "[\\d.]+$", "[^\\s]", "[\\w-]+@[\\w.]+"],
    ["1", "12", "\u0661", "\u00a0b", "\u0085b", "\ufeffb", "été", "a b", "bc", "é b", "x@y.z", "a-b", "_", "\u180eb"],
  ],
  [
    ["[a-c]", "[^a-c]", "[]", "[^]", "[-a]", "[a-]", "[\\]]", "[.]", "[\\d-x]", "[\\b]", "^[à-ü]$", "[^\\W]", "[&-/]"],
    ["a", "-", "]", ".", "d", "é", "\b", "x", "", "÷", "/"],
  ],
  [
    ["a/b", "^/a", "//", "\\/", "[/]", "a\\/b$", "^https?://[^/]+/$", "\\\\/"],
    ["a/b", "/a", "//", "http://x/", "https://x.y/", "\\/", "ab"],
  ],
  [
    [
      "\\x41",
      "\\u00e9",
      "\\u0041",
      "\\101",
      "\\0",
      "\\cA",
      "\\c",
      "\\t",
      "\\x4",
      "\\u41",
      "\\-",
      "\\_",
      "\\p{L}",
      "\\8",
      "\\a",
    ],
    ["A", "é", "\u0000", "\u0001", "\t", "\\c", "x4", "u41", "-", "_", "p{L}", "8", "a", "\\"],
  ],
  [
    [
      "(",
      ")",
      "[",
      "a**",
      "*",
      "+a",
      "?",
      "a{2,1}",
      "(?<x>a)(?<x>b)",
      "(?<=a",
      "\\",
      "(?",
      "(?<1>a)",
      "[b-a]",
      "x{2}{3}",
      "(?#a)",
      "(?P<x>a)",
      "\\k<x",
      "(?<x>a)\\k<y>",
      "(?<=a)*",
    ],
    ["(", "a", "[", "*", "", "ab", "b-a", "?"],
  ],
  [
    ["a{", "a{1", "a{,2}", "a{1,2", "{", "]", "}", "{1}a", "x{a}"],
    ["a{", "a{1", "a{,2}", "aa", "{", "]", "}", "a{1,2", "x{a}"],
  ],
  [
    [
      "é",
      "σ",
      "Σ",
      "ς",
      "ß",
      "ẞ",
      "ss",
      "ı",
      "i",
      "I",
      "İ",
      "k",
      "s",
      "ſ",
      "å",
      "\\u212b",
      "ǆ",
      "ω",
      "\\u2126",
      "𐐀",
      "[а-я]",
      "[a-z]",
      "^[^a-z]$",
      "[Z-a]",
      "\\w",
      "^\\W$",
      "ﬀ",
      "(σ)\\1",
      "ა",
      "Ꭰ",
    ],
    [
      "É",
      "é",
      "Σ",
      "σ",
      "ς",
      "ß",
      "ẞ",
      "SS",
      "I",
      "ı",
      "İ",
      "i",
      "K",
      "k",
      "\u212a",
      "S",
      "ſ",
      "Å",
      "å",
      "\u212b",
      "Ǆ",
      "ǅ",
      "Ω",
      "\u2126",
      "𐐨",
      "𐐀",
      "Ж",
      "ж",
      "_",
      "^",
      "σΣ",
      "σς",
      "Ა",
      "ꭰ",
      "FF",
    ],
  ],
  [
    [
      "^null$",
      "ull$",
      "NULL",
      "rue",
      "^\\[object Object\\]$",
      "^1,2$",
      "^1e\\+21$",
      "^0\\.30+4$",
      "^,$",
      "^5$",
      "^-?\\d+$",
      "^$",
    ],
    [null, true, {}, [1, 2], 1e21, 0.1 + 0.2, [null, null], [5], 5, -0, [], false, 2 ** 53],
  ],
];

/** Operands that are no pattern at all. */
export const NO_PATTERNS = [12345, true, null, {}, ["zz"], 7.25];

/**
 * Whether case may be left out of account.
 *
 * Natively a crate stands in for the browser's own engine. It takes ı for an I, and what ranges and classes
 * fold to from Unicode's tables, where ECMA-262 without the flag `u` asks `toUpperCase`.
 *
 * @param {string[]} texts
 */
export const folds = (...texts) => !texts.some((text) => /ı|\[\^\\W|à-ü/.test(text));

/**
 * A pattern with a value to try it on, mostly of the same family.
 *
 * @param {Chance} chance
 */
export const pattern = (chance) => {
  const [patterns, subjects] = chance.of(FAMILIES);
  return {
    pattern: chance.of(patterns),
    subject: chance.is(0.9) ? chance.of(subjects) : chance.of(chance.of(FAMILIES)[1]),
  };
};
