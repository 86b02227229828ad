/**
 * The wasm as text within the script. Each byte is one character, which in a script served as
 * UTF-8 costs a few percent where base64 costs a third. A page or a proxy may still have read the
 * script in another encoding, so nothing is compiled before length and checksum agree.
 */

import { checksum, length, packed } from "tailorbird:wasm";

export const unpack = (): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  let hash = 0x811c9dc5;
  for (let at = 0; at < length; at++) {
    const code = packed.charCodeAt(at);
    hash = Math.imul(hash ^ code, 0x01000193);
    bytes[at] = code;
  }
  if (packed.length != length || hash >>> 0 != checksum) {
    throw new Error("the script was changed on its way: serve it as UTF-8");
  }
  return bytes;
};
