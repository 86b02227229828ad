/**
 * Cases as JSON text, one case a line, so that two files can be compared by eye.
 *
 * Unlike `JSON.stringify` it keeps the sign of -0, and says what cannot be seen by its number.
 */

/** @import { Json } from "./types.js" */

const UNSEEN =
  /[\u007f-\u00a0\u00ad\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uf8ff\ufeff]|[\u0300-\u036f]/g;

/** @param {string} text */
const escaped = (text) =>
  JSON.stringify(text).replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/**
 * One value, on one line.
 *
 * @param {Json} value
 * @returns {string}
 */
export const compact = (value) => {
  if (Object.is(value, -0)) return "-0";
  if (typeof value == "string") return escaped(value);
  if (Array.isArray(value)) return `[${value.map(compact).join(",")}]`;
  if (typeof value != "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, it]) => it !== undefined);
  return `{${entries.map(([key, it]) => `${escaped(key)}:${compact(it)}`).join(",")}}`;
};

/**
 * The whole file: `specVersion` and the sections.
 *
 * @param {object} file
 */
export const write = (file) => {
  const parts = Object.entries(file).map(([name, it]) => {
    if (!Array.isArray(it)) return `  ${escaped(name)}: ${compact(it)}`;
    return `  ${escaped(name)}: [${it.map((kase) => `\n    ${compact(kase)}`).join(",")}\n  ]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
};
