/**
 * Bounded copies of data that comes from the page. Whatever a page passes (cycles, DOM nodes,
 * getters that throw, revoked proxies, a million keys), what crosses into the engine is a small tree
 * of plain values made of own properties, and nothing of the page's is kept alive by it.
 */

/** A tree of plain values. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

const DEPTH = 8;
const CHARACTERS = 1024;
const ITEMS = 200;
const KEYS = 100;
/** Of one whole copy. Without it, lists of lists within the other limits could be endless. */
const VALUES = 10_000;

/** The text, or the empty text where `value` is none. */
export const plainText = (value: unknown): string => (typeof value == "string" ? value.slice(0, CHARACTERS) : "");

/** The own enumerable property of that name; `undefined` where there is none, or where reading it throws. */
export const ownProperty = (value: unknown, name: string): unknown => {
  try {
    const holder = Object(value) as { readonly [name: string]: unknown };
    return Object.prototype.propertyIsEnumerable.call(holder, name) ? holder[name] : undefined;
  } catch {
    return; // a getter or a proxy
  }
};

/** A copy of `value`; `undefined` where there is nothing to copy. Never throws. */
export const plain = (value: unknown): Plain | undefined => {
  let room = VALUES;

  /** Whether a value is a list. `gtag()` pushes its `arguments`, which are a list in all but name. */
  const isList = (value: object): boolean =>
    Array.isArray(value) || Object.prototype.toString.call(value) == "[object Arguments]";

  const copyList = (list: { readonly length: unknown }, depth: number): Plain[] => {
    const copied: Plain[] = [];
    const length = Math.min(Number(list.length) || 0, ITEMS);
    for (let at = 0; at < length && --room >= 0; at++) copied.push(copyProperty(list, at, depth) ?? null);
    return copied;
  };

  const copyObject = (object: object, depth: number): Plain => {
    const copied: { [key: string]: Plain } = {};
    const keys = Object.keys(object);
    for (let at = 0; at < keys.length && at < KEYS && --room >= 0; at++) {
      const value = copyProperty(object, keys[at]!, depth);
      if (value === undefined) continue;
      const key = keys[at]!.slice(0, CHARACTERS);
      // An assignment would meet what is on the prototype: `__proto__`, or a setter of the page.
      if (key in copied)
        Object.defineProperty(copied, key, { value, enumerable: true, configurable: true, writable: true });
      else copied[key] = value;
    }
    return copied;
  };

  const copyProperty = (holder: object, key: PropertyKey, depth: number): Plain | undefined => {
    try {
      return copy((holder as { readonly [key: PropertyKey]: unknown })[key], depth);
    } catch {
      return; // a getter that throws
    }
  };

  const copy = (value: unknown, depth: number): Plain | undefined => {
    if (typeof value == "string") return value.slice(0, CHARACTERS);
    if (value === null || typeof value == "number" || typeof value == "boolean") return value;
    if (typeof value != "object" || depth > DEPTH) return;
    if (isList(value)) return copyList(value as { readonly length: unknown }, depth + 1);
    return Object.prototype.toString.call(value) == "[object Object]" ? copyObject(value, depth + 1) : undefined;
  };

  try {
    return copy(value, 1);
  } catch {
    return; // a revoked proxy throws whatever is asked of it
  }
};
