/**
 * Bounded copies of what comes from the page. Whatever a page pushes (cycles, DOM nodes, getters
 * that throw, a million keys), what crosses into the core is a small tree of plain values, and
 * nothing of the page's is kept alive by it.
 */

import type { Plain } from "./boundary.js";

const DEPTH = 8;
const CHARACTERS = 1024;
const ITEMS = 200;
const KEYS = 100;
/** Of one whole copy. Without it, lists of lists within the other limits could be endless. */
const VALUES = 10_000;

export const cut = (text: string): string => text.slice(0, CHARACTERS);

/** A copy of `value`, or `undefined` where it holds nothing that can be told. */
export const plain = (value: unknown): Plain | undefined => {
  let room = VALUES;
  const copy = (value: unknown, depth: number): Plain | undefined => {
    if (typeof value == "string") return cut(value);
    if (value === null || typeof value == "number" || typeof value == "boolean") return value;
    if (typeof value != "object" || depth == DEPTH) return;
    const kind = Object.prototype.toString.call(value);
    // `gtag()` pushes its `arguments`, which are a list in all but name.
    const listed = kind == "[object Array]" || kind == "[object Arguments]";
    if (!listed && kind != "[object Object]") return;
    const list: Plain[] = [];
    const object: { [key: string]: Plain } = {};
    for (const key of listed ? Array(Math.min((value as unknown[]).length, ITEMS)).keys() : Object.keys(value).slice(0, KEYS)) {
      if (--room < 0) break;
      let copied: Plain | undefined;
      try {
        copied = copy((value as { [key: PropertyKey]: unknown })[key], depth + 1);
      } catch {
        // A getter that throws says nothing.
      }
      if (listed) list.push(copied ?? null);
      // Assigned to `__proto__`, a value would become the object's prototype.
      else if (copied !== undefined && key != "__proto__") object[cut(key as string)] = copied;
    }
    return listed ? list : object;
  };
  try {
    return copy(value, 0);
  } catch {
    return; // a proxy may throw even when asked for its keys
  }
};
