/**
 * The wasm as a text within the script. Each byte is one character, which in a script served as
 * UTF-8 costs a few percent where base64 costs a third. A page or a proxy may still have read the
 * script in another encoding, so nothing is joined or compiled before length and checksum agree.
 */

import { checksum, length, mask, packed, split, swaps } from "tailorbird:wasm";
import { join } from "./join.js";

export const unpack = (): Uint8Array<ArrayBuffer> => {
  const codes = [...Array(256).keys()];
  for (let at = 0; at < swaps.length; at++) codes[swaps.charCodeAt(at)] = swaps.charCodeAt(at ^ 1);
  const bytes = new Uint8Array(length);
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) {
    hash = Math.imul(hash ^ (bytes[at] = (codes[packed.charCodeAt(at)] ?? 0) ^ mask), 0x01000193);
  }
  if (packed.length != length || hash >>> 0 != checksum) throw new Error("the script was changed on its way");
  return join(bytes, split);
};
