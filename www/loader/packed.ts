/**
 * The wasm as text within the script. Each byte is one character, which in a script served as
 * UTF-8 costs a few percent where base64 costs a third. A page or a proxy may still have read the
 * script in another encoding, so nothing is compiled before length and checksum agree.
 */

import { checksum, length, packed, swaps } from "tailorbird:wasm";

export const unpack = (): Uint8Array<ArrayBuffer> => {
  const byteByCode = Uint8Array.from(Array(256).keys());
  for (let at = 0; at < swaps.length; at++) byteByCode[swaps.charCodeAt(at)] = swaps.charCodeAt(at ^ 1);
  const text = packed;
  const bytes = new Uint8Array(length);
  let hash = 0x811c9dc5;
  // Four at a time: most of this runs before a browser has compiled it.
  for (let at = 0; at < length; at += 4) {
    // Of any other character, and behind the end, `undefined`, which counts as 0: the checksum or the length differs then.
    const first = byteByCode[text.charCodeAt(at)]!;
    const second = byteByCode[text.charCodeAt(at + 1)]!;
    const third = byteByCode[text.charCodeAt(at + 2)]!;
    const fourth = byteByCode[text.charCodeAt(at + 3)]!;
    hash = Math.imul(hash ^ (first | (second << 8) | (third << 16) | (fourth << 24)), 0x01000193);
    bytes[at] = first;
    bytes[at + 1] = second;
    bytes[at + 2] = third;
    bytes[at + 3] = fourth;
  }
  if (text.length != length || hash >>> 0 != checksum)
    throw new Error("the script was changed on its way: serve it as UTF-8");
  return bytes;
};
