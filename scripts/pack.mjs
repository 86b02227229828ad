/**
 * Bytes as a JavaScript string literal that compresses almost as well as the bytes themselves.
 *
 * Each byte becomes one of the characters U+0000 to U+00FF. Base64 would cost a third more, and
 * plain escapes a few percent: code is full of bytes that a literal must escape (0x0D is `br_if`).
 * So those change places with characters the code hardly uses, and zero with them, because there
 * are tools that take a file with a NUL in it for no text. The mask moves common bytes to where
 * letters lie, which is where brotli expects them: measured, half a kilobyte.
 */

/** Found by trying all 128 on a real build; see `www/loader/packed.ts` for the way back. */
const MASK = 0x20;

/** How many of the commonest bytes above 0x7f are worth a place in the table. */
const MOVED = 12;

/** What a literal in single quotes cannot hold as it is, and NUL. */
const AWKWARD = "\\\n\r'\0";

/** FNV-1a with 32 bits. */
const checksum = bytes => {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

const escape = text =>
  `'${text.replace(/[\\\n\r'\0]/g, character => ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "'": "\\'", "\0": "\\x00" })[character])}'`;

/** The literal, and what `packed.ts` needs to know to undo it. */
export const pack = bytes => {
  const masked = Buffer.from(bytes).map(byte => byte ^ MASK);
  const counts = new Array(256).fill(0);
  for (const byte of masked) counts[byte]++;
  const rare = [...Array(128).keys()]
    .map(code => String.fromCharCode(code))
    .filter(character => !AWKWARD.includes(character))
    .sort((one, other) => counts[one.charCodeAt(0)] - counts[other.charCodeAt(0)] || (one < other ? -1 : 1));
  // Above 0x7f a character takes two bytes, so the commonest of those move down.
  const common = [...Array(128).keys()]
    .map(code => String.fromCharCode(code + 128))
    .sort((one, other) => counts[other.charCodeAt(0)] - counts[one.charCodeAt(0)] || (one < other ? -1 : 1));
  const moved = [...AWKWARD, ...common.slice(0, MOVED)];
  const partner = new Map(moved.flatMap((character, at) => [[character, rare[at]], [rare[at], character]]));
  const swapped = masked.toString("latin1").replace(/[^]/g, character => partner.get(character) ?? character);
  return {
    literal: escape(swapped),
    facts: {
      length: bytes.length,
      checksum: checksum(bytes),
      mask: MASK,
      swaps: moved.map(character => character + partner.get(character)).join(""),
    },
  };
};
