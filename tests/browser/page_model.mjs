// A site model of made-up pages, byte by byte as docs/site-model.md has it: what follows each page, and how often.
import { crc32 } from "node:zlib";

const VERSION = 1;
const NEXT_PAGE = 4;
/** Levels of weights: one of level l is 2^(-l/4). */
const LEVELS = 40;

/** @param {number} number */
const varint = (number) => {
  const bytes = [];
  for (; number >= 0x80; number >>>= 7) bytes.push((number & 0x7f) | 0x80);
  return [...bytes, number];
};

/** @param {string} text */
const textBytes = (text) => [...varint(Buffer.byteLength(text)), ...Buffer.from(text)];

/** @param {number} number */
const u32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number >>> 0);
  return [...bytes];
};

/** @param {number} weight above 0, at most 1 */
const level = (weight) => Math.min(LEVELS - 1, Math.round(-4 * Math.log2(weight)));

/**
 * The section: a context for each page, with the weights of what follows it. What is left to one is the weight of all
 * pages alike.
 *
 * @param {{ readonly [page: string]: { readonly [next: string]: number } }} ways
 */
const section = (ways) => {
  const names = [...new Set(Object.entries(ways).flatMap(([page, followers]) => [page, ...Object.keys(followers)]))];
  let next = 0;
  const contexts = names.flatMap((page, number) => {
    const followers = ways[page];
    if (!followers) return [];
    const gap = number - next;
    next = number + 1;
    let last = 0;
    const weights = names.flatMap((name, at) => {
      const weight = followers[name];
      if (weight === undefined) return [];
      const coded = varint(LEVELS * (at - last) + level(weight));
      last = at + 1;
      return coded;
    });
    const rest = 1 - Object.values(followers).reduce((sum, weight) => sum + weight, 0);
    return [...varint(gap), ...varint(2 * Object.keys(followers).length), ...varint(level(rest)), ...weights];
  });
  const order = 1;
  return Buffer.from([
    ...varint(order),
    ...varint(names.length),
    ...names.flatMap(textBytes),
    // The context of nothing: no weights, and contexts below it.
    ...varint(1),
    ...varint(Object.keys(ways).length),
    ...contexts,
  ]);
};

/**
 * The bytes of a file that says how likely each page comes after another one. `{"/": {"/boots": 0.5}}` is about one
 * half: weights are rounded to powers of 2^(-1/4).
 *
 * @param {{ readonly [page: string]: { readonly [next: string]: number } }} ways
 */
export const pageModel = (ways) => {
  const held = section(ways);
  const head = Buffer.from([0x89, 0x54, 0x42, 0x4d, VERSION, 0, 1, 0]);
  const begins = head.length + 4 + 16;
  const entry = Buffer.from([...u32(NEXT_PAGE), ...u32(begins), ...u32(held.length)]);
  const checksum = crc32(held, crc32(entry));
  return Buffer.concat([head, Buffer.from(u32(crc32(head))), entry, Buffer.from(u32(checksum)), held]);
};
