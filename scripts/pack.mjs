/**
 * Bytes as a JavaScript string literal that compresses almost as well as the bytes themselves.
 *
 * Each byte becomes one of the characters U+0000 to U+00FF, which in UTF-8 costs a few percent; base64
 * would cost a third. Some tools take a file with a NUL in it for binary, so that one is escaped too.
 */

/** FNV-1a with 32 bits. */
const checksum = bytes => {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};

const ESCAPES = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "'": "\\'", "\0": "\\x00" };

const escape = text => `'${text.replace(/[\\\n\r'\0]/g, character => ESCAPES[character])}'`;

/** The literal, and what `www/loader/packed.ts` tests before it believes it. */
export const pack = bytes => ({
  literal: escape(Buffer.from(bytes).toString("latin1")),
  facts: { length: bytes.length, checksum: checksum(bytes) },
});
