/** What the build puts in place: the packed wasm. */

declare module "tailorbird:wasm" {
  /** The bytes, each as a character from U+0000 to U+00FF; `scripts/pack.mjs` says how. */
  export const packed: string;
  /** Characters that changed places, pair by pair. */
  export const swaps: string;
  /** What each byte was combined with by exclusive or. */
  export const mask: number;
  /** How they are split up; see `join.ts`. */
  export const split: import("./join.js").Split;
  /** How many bytes. */
  export const length: number;
  /** Of the bytes, by FNV-1a with 32 bits. */
  export const checksum: number;
}

declare module "*.css" {
  const text: string;
  export default text;
}
