/** Loads and parses the config. What it says is checked by the engine. */

import { fetchBytes } from "./bounded_file.js";
import { jsonError } from "./json_error.js";

/** Of its text in UTF-8. A longer one is refused unread. */
const LIMIT_BYTES = 1_000_000;

/** The config is refused as a whole, or failed to load. */
export class ConfigError extends Error {
  constructor(
    message: string,
    /** What is wrong with it, each with its path. */
    readonly problems: readonly string[] = [],
  ) {
    super(message);
  }
}

const tooLong = (source: string): string => `${source} is too long, expected at most 1,000,000 bytes`;

/** The tree in a text that comes from `source`. */
export const parseConfig = (text: string, source: string): unknown => {
  if (text.length > LIMIT_BYTES || new TextEncoder().encode(text).length > LIMIT_BYTES) {
    throw new ConfigError(tooLong(source));
  }
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*</.test(text)) throw new ConfigError(`${source} is an HTML page, not JSON`);
    if (!text.trim()) throw new ConfigError(`${source} is empty`);
    const { line, column, expected } = jsonError(text);
    throw new ConfigError(`${source} is not JSON: line ${line}, column ${column}: ${expected}`);
  }
};

const fetchConfig = async (address: string): Promise<unknown> => {
  const bounds = { limitBytes: LIMIT_BYTES, tooLong: tooLong(address), Refusal: ConfigError };
  return parseConfig(new TextDecoder().decode(await fetchBytes(address, bounds)), address);
};

/** The config as a tree: from an address, from an object, or the empty one. */
export const readConfig = (config: object | string | undefined): unknown => {
  if (typeof config == "string") return fetchConfig(config);
  let text: string;
  try {
    // As text, so that an object is held to the same limits and is made of what JSON can hold.
    text = JSON.stringify(config ?? { version: 1 });
  } catch {
    throw new ConfigError("the config is an object that JSON cannot hold");
  }
  return parseConfig(text, "the config");
};
