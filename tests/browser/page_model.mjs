// A site model of made-up pages, byte by byte as docs/site-model.md has it: what follows each page, and how often; and
// of items, and what follows each of them.
import { crc32 } from "node:zlib";

const VERSION = 1;
const ITEMS = 1;
const NEXT_PAGE = 4;
const NEXT_ITEMS = 7;
/** Situations in which visitors look at the same item again. */
const SITUATIONS = 168;
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
 * The sections of items, all of one category and equally popular, and of what comes after each.
 *
 * @param {{ readonly [item: string]: { readonly [next: string]: number } }} after
 * @returns {[kind: number, held: Buffer][]}
 */
const itemSections = (after) => {
  const ids = [...new Set(Object.entries(after).flatMap(([item, followers]) => [item, ...Object.keys(followers)]))];
  if (ids.length === 0) return [];
  const lists = ids.map((item) => {
    const followers = after[item] ?? {};
    let last = 0;
    const list = ids.flatMap((id, at) => {
      const probability = followers[id];
      if (probability === undefined) return [];
      const coded = [...varint(at - last), Math.round(256 * probability)];
      last = at + 1;
      return coded;
    });
    return [...varint(Object.keys(followers).length), ...list];
  });
  const items = [
    ...[...varint(1), ...varint(ids.length), ...varint(1), ...textBytes(""), ...varint(ids.length)],
    ...[...ids.flatMap((id) => varint(Buffer.byteLength(id))), ...ids.flatMap((id) => [...Buffer.from(id)])],
    ...[...ids.flatMap(() => varint(1)), 128, ...Array(SITUATIONS + ids.length).fill(0)],
  ];
  return [
    [ITEMS, Buffer.from(items)],
    [NEXT_ITEMS, Buffer.from([...varint(ids.length), ...lists.flat()])],
  ];
};

/**
 * The bytes of a file that says how likely each page comes after another one. `{"/": {"/boots": 0.5}}` is about one
 * half: weights are rounded to powers of 2^(-1/4). `after` says the same of items, in 256ths.
 *
 * @param {{ readonly [page: string]: { readonly [next: string]: number } }} ways
 * @param {{ readonly [item: string]: { readonly [next: string]: number } }} [after]
 */
export const pageModel = (ways, after = {}) => {
  /** @type {[kind: number, held: Buffer][]} */
  const sections = [[NEXT_PAGE, section(ways)], ...itemSections(after)];
  const head = Buffer.from([0x89, 0x54, 0x42, 0x4d, VERSION, 0, sections.length, 0]);
  let begins = head.length + 4 + 16 * sections.length;
  const entries = sections.map(([kind, held]) => {
    const entry = Buffer.from([...u32(kind), ...u32(begins), ...u32(held.length)]);
    begins += held.length;
    return Buffer.concat([entry, Buffer.from(u32(crc32(held, crc32(entry))))]);
  });
  return Buffer.concat([head, Buffer.from(u32(crc32(head))), ...entries, ...sections.map(([, held]) => held)]);
};
