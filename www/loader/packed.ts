/**
 * The wasm as text within the script. Each byte is one character, which in a script served as
 * UTF-8 costs a few percent where base64 costs a third. A page or a proxy may still have read the
 * script in another encoding, so nothing is compiled before length and checksum agree.
 */

import { checksum, length, packed, swaps } from "tailorbird:wasm";

export const unpack = (): Uint8Array<ArrayBuffer> => {
  const byteByCode = Uint8Array.from(Array(256).keys());
  for (let at = 0; at < swaps.length; at++) byteByCode[swaps.charCodeAt(at)] = swaps.charCodeAt(at ^ 1);
  const bytes = new Uint8Array(length);
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) {
    // Of any other character `undefined`, which counts as 0 in both: the checksum differs then.
    const byte = byteByCode[packed.charCodeAt(at)]!;
    hash = Math.imul(hash ^ byte, 0x01000193);
    bytes[at] = byte;
  }
  if (packed.length != length || hash >>> 0 != checksum)
    throw new Error("the script was changed on its way: serve it as UTF-8");
  return bytes;
};
