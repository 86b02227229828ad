/**
 * Do the tests notice wrong code? `npm run mutations` tries small wrong versions of the engine.
 *
 * `npm run mutations -- evaluator [WORD]` tries those of the GrowthBook evaluator, `npm run mutations -- core [PART]` a
 * sample of those of the core that cargo-mutants makes; without a word both. Exits 1 where too many go unnoticed, 2
 * on wrong usage or without cargo-mutants.
 */

import { fileURLToPath } from "node:url";
import { core } from "./mutations/core.mjs";
import { evaluator } from "./mutations/evaluator.mjs";

export { mutated, tryMutations } from "./mutations/evaluator.mjs";

/** @type {Record<string, (word?: string) => Promise<number>>} */
const PARTS = { evaluator, core };

/**
 * @param {string} [name]
 * @param {string} [word]
 */
const main = async (name, word) => {
  if (name === undefined) return Math.max(await evaluator(), await core());
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part) return part(word);
  console.error(`mutations: there is no part ${name}, expected evaluator or core`);
  return 2;
};

if (process.argv[1] == fileURLToPath(import.meta.url)) {
  process.exitCode = await main(...process.argv.slice(2)).catch((error) => {
    console.error(`mutations: ${error.message}`);
    return 1;
  });
}
