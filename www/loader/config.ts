/** Loads and parses the config. What it says is checked by the engine. */

import { jsonError } from "./json_error.js";
import { requested } from "./record.js";

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

const tooLong = (source: string): never => {
  throw new ConfigError(`${source} is too long, expected at most 1,000,000 bytes`);
};

/** The tree in a text that comes from `source`. */
export const parseConfig = (text: string, source: string): unknown => {
  if (text.length > LIMIT_BYTES || new TextEncoder().encode(text).length > LIMIT_BYTES) tooLong(source);
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
  requested(address);
  const response = await fetch(address).catch(() => {
    throw new ConfigError(`could not load ${address}: no answer, or not allowed by connect-src or CORS`);
  });
  const reader = response.body?.getReader();
  if (!response.ok || !reader) throw new ConfigError(`could not load ${address} (${response.status})`);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parseConfig(text + decoder.decode(), address);
    length += value.length;
    if (length > LIMIT_BYTES) {
      reader.cancel().catch(() => {});
      tooLong(address);
    }
    text += decoder.decode(value, { stream: true });
  }
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
