/** Loads the site model: bytes that `tailorbird train` has written. What they say is checked by whoever reads them. */

import { fetchBytes } from "./bounded_file.js";

/** The bytes at an address. Rejects with what is wrong and what to do, for the console. */
export const fetchModel = (address: string): Promise<Uint8Array> =>
  fetchBytes(address, {
    limitBytes: 2_000_000,
    tooLong: `${address} is too long, expected at most 2,000,000 bytes`,
    Refusal: Error,
  });
