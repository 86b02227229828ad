/**
 * The file that says what is wrong with a config: the engine once more, with the words for it. It is
 * loaded where the engine of the page has refused one.
 */

import { unpack } from "../loader/packed.js";
import { compile } from "../loader/wasm.js";

/** Everything that is wrong, each with its path; the first hundred, the rest counted. */
export const problems = async (config: unknown): Promise<string[]> => {
  const newEngine = await compile(unpack);
  const answer = newEngine(config, 0, 0).receive({ ask: "slots" }, 0);
  return answer.filter((line): line is string => typeof line == "string");
};
