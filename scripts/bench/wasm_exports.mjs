/**
 * What a page's scripts call in the wasm, replaced: to note when each call begins and ends.
 */

/**
 * Takes the exports of the wasm as soon as there is an instance, and answers those that the page is to have instead.
 *
 * @typedef {(exports: WebAssembly.Exports) => WebAssembly.Exports} Replacement
 */

/**
 * Runs in the page before the tag.
 *
 * @param {Replacement} replaced
 */
export const replaceExports = (replaced) => {
  const { instantiate } = WebAssembly;
  Reflect.set(
    WebAssembly,
    "instantiate",
    async (/** @type {WebAssembly.Module} */ module, /** @type {WebAssembly.Imports} */ imports) => {
      const { exports } = await instantiate(module, imports);
      return { module, instance: { exports: replaced({ ...exports }) } };
    },
  );
};

/**
 * The source of a function that runs `work` in a page before the tag, where it can replace the exports of the wasm.
 *
 * @template Word
 * @param {(replace: typeof replaceExports, ...words: Word[]) => void} work
 * @param {Word[]} words what else it is given
 */
export const replacingExports = (work, ...words) =>
  `() => (${work})(${[replaceExports, ...words.map((word) => JSON.stringify(word))].join(", ")})`;
