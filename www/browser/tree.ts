/**
 * Trees as bytes: how they cross between the two languages. `src/value/packed.rs` does the same, and
 * says how it is written down.
 */

import type { Plain } from "./boundary.js";

/** What lies deeper is told to be too deep. */
const DEPTH = 64;
/** Shorter texts are faster letter by letter: most are names. */
const SHORT = 40;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** One number, and its eight bytes. */
const number = new Float64Array(1);
const eight = new Uint8Array(number.buffer);

let bytes = new Uint8Array(1024);
let at = 0;

const room = (more: number): void => {
  if (at + more <= bytes.length) return;
  const small = bytes;
  bytes = new Uint8Array(2 * (at + more));
  bytes.set(small);
};

const putCount = (count: number): void => {
  room(5);
  for (; count > 127; count >>>= 7) bytes[at++] = count | 128;
  bytes[at++] = count;
};

const putText = (text: string): void => {
  const { length } = text;
  const start = at;
  if (length < SHORT) {
    room(SHORT);
    const into = bytes;
    into[at++] = length;
    let letter = 0;
    for (let code; letter < length && (code = text.charCodeAt(letter)) < 128; letter++) into[at + letter] = code;
    at += length;
    if (letter == length) return;
    at = start;
  }
  const encoded = encoder.encode(text);
  putCount(encoded.length);
  room(encoded.length);
  bytes.set(encoded, at);
  at += encoded.length;
};

const put = (value: unknown, depth: number): void => {
  if (typeof value == "number") {
    putCount(3);
    room(8);
    number[0] = value;
    for (let byte = 0; byte < 8; byte++) bytes[at++] = eight[byte]!;
  } else if (typeof value == "string") {
    putCount(4);
    putText(value);
  } else if (typeof value != "object" || !value) {
    putCount(typeof value == "boolean" ? 1 + +value : 0);
  } else if (depth == DEPTH) {
    putCount(7);
  } else if (Array.isArray(value)) {
    putCount(5);
    putCount(value.length);
    for (const item of value) put(item, depth + 1);
  } else {
    const keys = Object.keys(value);
    putCount(6);
    putCount(keys.length);
    for (const key of keys) {
      putText(key);
      put((value as { [key: string]: unknown })[key], depth + 1);
    }
  }
};

/** A tree's bytes, to be copied before the next tree is packed. What is no plain data is `null`. */
export const pack = (tree: unknown): Uint8Array => {
  at = 0;
  put(tree, 0);
  return bytes.subarray(0, at);
};

let from: Uint8Array = bytes;
let place = 0;

const takeCount = (): number => {
  for (let count = 0, shift = 0; ; shift += 7) {
    const byte = from[place++]!;
    count |= (byte & 127) << shift;
    if (!(byte > 127)) return count;
  }
};

const takeText = (): string => {
  const length = takeCount();
  const end = place + length;
  if (length < SHORT) {
    let text = "";
    let letter = place;
    for (let code; letter < end && (code = from[letter]!) < 128; letter++) text += String.fromCharCode(code);
    if (letter == end) return (place = end), text;
  }
  return decoder.decode(from.subarray(place, (place = end)));
};

const take = (): Plain => {
  // What broke inside may have left anything; no end of it is no answer either.
  if (place >= from.length) throw new Error("an answer is cut short");
  const tag = takeCount();
  if (tag == 3) {
    for (let byte = 0; byte < 8; byte++) eight[byte] = from[place++]!;
    return number[0]!;
  }
  if (tag == 4) return takeText();
  if (tag == 5) {
    const list: Plain[] = [];
    for (let left = takeCount(); left--; ) list.push(take());
    return list;
  }
  if (tag != 6) return tag == 1 || tag == 2 ? tag == 2 : null;
  const object: { [key: string]: Plain } = {};
  for (let left = takeCount(); left--; ) {
    const key = takeText();
    const value = take();
    // Assigned to `__proto__`, a value would become the object's prototype.
    if (key != "__proto__") object[key] = value;
  }
  return object;
};

/** The tree whose bytes begin at `start`. */
export const unpack = (of: Uint8Array, start: number): Plain => {
  from = of;
  place = start;
  return take();
};
