/**
 * The engine once more, with all that few pages need: the words for what is wrong with a config, and
 * merging the profiles of several devices. It is loaded where the engine of the page has refused a
 * config, or found a profile that was brought from another device.
 */

import { unpack } from "../loader/packed.js";
import { compile } from "../loader/wasm.js";
import type { Merging } from "./boundary.js";

/** The second file. */
export interface CheckFile {
  /** Everything that is wrong, each with its path; the first hundred, the rest counted. */
  problems(config: unknown): Promise<string[]>;
  /** Such an engine, on a config that is right. */
  merging(config: unknown): Promise<Merging>;
}

export const merging: CheckFile["merging"] = async config => (await compile(unpack))(config, 0, 0) as Merging;

export const problems: CheckFile["problems"] = async config => {
  const answer = (await merging(config)).receive({ ask: "slots" }, 0);
  return answer.filter((line): line is string => typeof line == "string");
};
