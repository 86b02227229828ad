/** Loads the site model: bytes that `tailorbird train` has written. What they say is checked by whoever reads them. */

import { requested } from "./record.js";

/** A longer file is refused unread. */
const LIMIT_BYTES = 2_000_000;

/** The bytes at an address. Rejects with what is wrong and what to do, for the console. */
export const fetchModel = async (address: string): Promise<Uint8Array> => {
  requested(address);
  const response = await fetch(address).catch(() => {
    throw new Error(`could not load ${address}: no answer, or not allowed by connect-src or CORS`);
  });
  const reader = response.body?.getReader();
  if (!response.ok || !reader) throw new Error(`could not load ${address} (${response.status})`);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMIT_BYTES) {
      reader.cancel().catch(() => {});
      throw new Error(`${address} is too long, expected at most 2,000,000 bytes`);
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
