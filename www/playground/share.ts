/**
 * What the playground holds, as the fragment of an address: it is sent to no server. `#1` and the zlib stream of a JSON
 * list in base64url; the stream's own checksum tells a damaged link.
 */

import { readBytes } from "../loader/bounded_file.js";

/** What a link carries. */
export interface Shared {
  readonly name: string;
  /** The text of the config, which need not be JSON. */
  readonly config: string;
  /** The markup of the page. */
  readonly page: string;
}

/** The fragment cannot be read. The message says why, as the end of a sentence. */
export class LinkError extends Error {}

const VERSION = "1";
/** A link that unpacks to more is refused: a few bytes can stand for gigabytes. */
const BOUNDS = { limitBytes: 2_000_000, tooLong: "it holds more than 2 MB", Refusal: LinkError };

const toBase64 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const through = (
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> => readBytes(new Blob([bytes]).stream().pipeThrough(transform), BOUNDS);

/** The fragment, with its `#`. */
export const toFragment = async ({ name, config, page }: Shared): Promise<string> => {
  const text = new TextEncoder().encode(JSON.stringify([name, config, page]));
  return `#${VERSION}${toBase64(await through(text, new CompressionStream("deflate")))}`;
};

const isTexts = (value: unknown): value is [string, string, string] =>
  Array.isArray(value) && value.length == 3 && value.every((part) => typeof part == "string");

/** What a fragment holds. Rejects with a `LinkError`. */
export const fromFragment = async (fragment: string): Promise<Shared> => {
  if (fragment[1] != VERSION) throw new LinkError("it names no recipe, or is of a later version");
  let value: unknown;
  try {
    const bytes = await through(fromBase64(fragment.slice(2)), new DecompressionStream("deflate"));
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (reason) {
    throw reason instanceof LinkError ? reason : new LinkError("part of it is missing or was changed");
  }
  if (!isTexts(value)) throw new LinkError("it does not hold a config and a page");
  const [name, config, page] = value;
  return { name, config, page };
};
