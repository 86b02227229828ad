/** Modules that the build provides. */

/** The wasm that the script carries. */
declare module "tailorbird:wasm" {
  /** The bytes of the wasm, each as a character from U+0000 to U+00FF; see `scripts/pack.mjs`. */
  export const packed: string;
  /** Characters that changed places, pair by pair. */
  export const swaps: string;
  /** How many bytes. */
  export const length: number;
  /** Of the bytes, by FNV-1a with 32 bits. */
  export const checksum: number;
}

/** What the engine's wasm imports. */
declare module "tailorbird:imports" {
  /** The name of each function at the place of its number: `i7` is `names[7]`. */
  export const names: readonly string[];
}

declare module "*.css" {
  const text: string;
  export default text;
}
