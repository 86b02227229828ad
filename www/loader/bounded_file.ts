/** Files of the site, such as its config, read no further than they may be long. */

import { requested } from "./record.js";

/** How long a file may be, and how it is refused. */
export interface Bounds {
  readonly limitBytes: number;
  /** What is said of a longer one. */
  readonly tooLong: string;
  readonly Refusal: new (message: string) => Error;
}

/** The bytes of a stream. Rejects where it is longer than it may be, and cancels it. */
export const readBytes = async (
  stream: ReadableStream<Uint8Array>,
  { limitBytes, tooLong, Refusal }: Bounds,
): Promise<Uint8Array<ArrayBuffer>> => {
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limitBytes) {
      reader.cancel().catch(() => {});
      throw new Refusal(tooLong);
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

/** The bytes at an address. Rejects with what is wrong and what to do, for the console. */
export const fetchBytes = async (address: string, bounds: Bounds): Promise<Uint8Array<ArrayBuffer>> => {
  const { Refusal } = bounds;
  requested(address);
  const response = await fetch(address).catch(() => {
    throw new Refusal(`could not load ${address}: no answer, or not allowed by connect-src or CORS`);
  });
  if (!response.ok || !response.body) throw new Refusal(`could not load ${address} (${response.status})`);
  return readBytes(response.body, bounds);
};
