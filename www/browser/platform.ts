/** What the core asks of the platform: conversions, regular expressions, addresses. */

import type { Plain } from "./boundary.js";

const pairs = (address: URL): [string, string][] =>
  Array.from(address.searchParams as unknown as Iterable<[string, string]>);

const answer = (question: string, one: string, two: string, three: string): Plain => {
  if (question == "text") return String(one);
  if (question == "number") return Number(one);
  if (question == "lower") return one.toLowerCase();
  if (question == "matches") return new RegExp(one, two).test(three);
  if (question == "address") {
    const address = new URL(one, two || undefined);
    const { href, origin, host, pathname, search, hash } = address;
    return { href, origin, host, pathname, search, hash, params: pairs(address) };
  }
  // The parameters of one address, where the other does not name them itself.
  const target = new URL(two);
  for (const [key, value] of pairs(new URL(one))) target.searchParams.has(key) || target.searchParams.set(key, value);
  return target.href;
};

/** The answer to a question and what it is about; see `src/host.rs`. */
export const platform = (question: string[]): Plain => {
  try {
    return answer(...(question as [string, string, string, string]));
  } catch {
    // No pattern, or no address: that is an answer as well.
    return question[0] == "params" ? question[2]! : null;
  }
};
