/**
 * Bytes as a JavaScript string literal that compresses almost as well as the bytes themselves.
 *
 * Each byte becomes one of the characters U+0000 to U+00FF, which in UTF-8 costs a few percent; base64
 * would cost a third. Five characters would have to be escaped, and two of them are among the commonest
 * instructions of WebAssembly (0x0D is `br_if`), so they change places with characters that hardly occur:
 * 5 KB less than escapes.
 */

/**
 * What a literal in single quotes cannot hold as it is, and NUL: some tools take a file with it for binary.
 *
 * @type {{ [character: string]: string }}
 */
const ESCAPES = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "'": "\\'", "\0": "\\x00" };

/** @param {string} text */
const escape = (text) => `'${text.replace(/[\\\n\r'\0]/g, (character) => ESCAPES[character])}'`;

/**
 * FNV-1a with 32 bits, over four bytes at a time, the first of which is the lowest. What is missing at the end is 0.
 *
 * @param {Uint8Array} bytes
 */
const checksum = (bytes) => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at += 4) {
    const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
    hash = Math.imul(hash ^ (first | (second << 8) | (third << 16) | (fourth << 24)), 0x01000193);
  }
  return hash >>> 0;
};

/**
 * Pairs of characters that change places: each of `ESCAPES`, and one of the rarest that need no escape.
 *
 * @param {string} text
 */
const swapsFor = (text) => {
  /** @type {number[]} */
  const counts = new Array(128).fill(0);
  for (let at = 0; at < text.length; at++) counts[text.charCodeAt(at)]++;
  const rarest = [...counts.keys()]
    .filter((code) => !(String.fromCharCode(code) in ESCAPES))
    .sort((one, other) => counts[one] - counts[other] || one - other);
  return Object.keys(ESCAPES).map((character, index) => character + String.fromCharCode(rarest[index]));
};

/**
 * The literal, and what `www/loader/packed.ts` needs to undo it and tests before it believes it.
 *
 * @param {Uint8Array} bytes
 */
export const pack = (bytes) => {
  const text = Buffer.from(bytes).toString("latin1");
  const swaps = swapsFor(text);
  const partners = new Map(
    swaps.flatMap(
      ([one, other]) =>
        /** @type {[string, string][]} */ ([
          [one, other],
          [other, one],
        ]),
    ),
  );
  const swapped = text.replace(/[^]/g, (character) => partners.get(character) ?? character);
  return {
    literal: escape(swapped),
    facts: { length: bytes.length, checksum: checksum(bytes), swaps: swaps.join("") },
  };
};
