/**
 * A profile as a file that only its passphrase opens: JSON with a header that anybody may read,
 * and the profile encrypted. Whatever of the header is altered, the profile does not open.
 *
 * The key is derived by PBKDF2 with HMAC-SHA-256; the cipher is AES-GCM with 256 bits, an IV of 96
 * random bits and a tag of 128. Sources: OWASP Password Storage Cheat Sheet, "PBKDF2"; NIST
 * SP 800-38D, 8.2.2 "RBG-based Construction".
 */

import type { Imported } from "../loader/types.js";

/** Where a file may be opened again. */
export interface FileScope {
  /** The page's origin. */
  readonly site: string;
  readonly namespace: string;
}

/** The profile in a file, or why there is none. `reason` is always its own: a page may pollute prototypes. */
export type Opened = { readonly profile: string; readonly reason: null } | { readonly reason: Reason };
type Reason = Extract<Imported, { imported: false }>["reason"];

/** Characters. A profile has at most 50,000, a third more in base64. */
export const LONGEST = 1_000_000;

/** Iterations of a file that is written; the cheat sheet's number. */
const ITERATIONS = 600_000;
/** Iterations of a file that is read: fewer were never written, more would keep the page waiting for minutes. */
const FEWEST = 100_000;
const MOST = 10_000_000;

const LIFE_MS = 30 * 86_400_000;

/** Characters of a passphrase, at least. */
const SHORTEST = 8;

/** Bytes. */
const SALT = 16;
const IV = 12;

interface Header extends FileScope {
  readonly exported: number;
  readonly expires: number;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
}

const header = ({ site, namespace, exported, expires, iterations, salt, iv }: Header) => ({
  tailorbird: "profile",
  version: 1,
  site,
  namespace,
  exported,
  expires,
  kdf: { name: "PBKDF2", hash: "SHA-256", iterations, salt },
  cipher: { name: "AES-GCM", iv },
});

type File = ReturnType<typeof header> & { readonly data: string };

const randomBytes = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Text with a byte a character, from U+0000 to U+00FF. */
const textOf = (bytes: Uint8Array): string => {
  // One by one: as arguments they would not fit on the stack.
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

const base64 = (bytes: Uint8Array): string => btoa(textOf(bytes));

/** The bytes of a base64 text; `undefined` where it is not in canonical form, or has another length. */
const decodeBase64 = (text: unknown, length?: number): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const plain = atob(text as string);
    // It overlooks white space and bits beyond the last byte.
    if (btoa(plain) === text && plain.length == (length ?? plain.length)) return bytesOf(plain);
  } catch {
    // Not base64.
  }
  return;
};

/** Only secure pages have `crypto.subtle`. */
export const isSupported = (): boolean => !!(crypto as { subtle?: SubtleCrypto }).subtle;

/** Whether it is long enough to encrypt a file with. */
export const isPassphrase = (given: unknown): given is string =>
  typeof given == "string" && Array.from(given).length >= SHORTEST;

/** The key of one file. */
const keyFor = async (
  passphrase: string,
  salt: BufferSource,
  iterations: number,
  use: KeyUsage,
): Promise<CryptoKey> => {
  const { subtle } = crypto;
  // Keyboards of different devices enter the same letters as different code points.
  const material = await subtle.importKey("raw", encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const derived = { name: "AES-GCM", length: 256 };
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, derived, false, [use]);
};

/** The text of a file with this profile in it. */
export const sealFile = async (profile: string, passphrase: string, scope: FileScope, now: number): Promise<string> => {
  const salt = randomBytes(SALT);
  const iv = randomBytes(IV);
  const head = header({
    ...scope,
    exported: now,
    expires: now + LIFE_MS,
    iterations: ITERATIONS,
    salt: base64(salt),
    iv: base64(iv),
  });
  const key = await keyFor(passphrase, salt, ITERATIONS, "encrypt");
  const cipher = { name: "AES-GCM", iv, additionalData: encode(JSON.stringify(head)) };
  const data = await crypto.subtle.encrypt(cipher, key, bytesOf(profile));
  return JSON.stringify({ ...head, data: base64(new Uint8Array(data)) });
};

/** The profile in a file. A wrong passphrase and altered bytes cannot be told apart: the tag does not match. */
export const openFile = async (file: string, passphrase: unknown, scope: FileScope, now: number): Promise<Opened> => {
  const damaged = { reason: "damaged" } as const;
  let read: Partial<File>;
  try {
    read = file.length > LONGEST ? {} : (Object(JSON.parse(file)) as Partial<File>);
  } catch {
    return damaged;
  }
  const { data, ...rest } = read;
  const { tailorbird, version, kdf, cipher } = rest;
  if (tailorbird === "profile" && (version ?? 0) > 1) return { reason: "newer" };
  const salt = decodeBase64(kdf?.salt, SALT);
  const iv = decodeBase64(cipher?.iv, IV);
  const secret = decodeBase64(data);
  const given = { ...rest, ...kdf, ...cipher } as Header;
  const { site, namespace, expires, iterations } = given;
  // Only a header that is exactly as it would be written with these values is accepted.
  const head = JSON.stringify(header(given));
  if (!salt || !iv || !secret || head != JSON.stringify(rest)) return damaged;
  if (!Number.isInteger(iterations) || iterations < FEWEST || iterations > MOST) return damaged;
  if (site !== scope.site || namespace !== scope.namespace) return { reason: "foreign" };
  if (!(expires > now)) return { reason: "expired" };
  if (!isPassphrase(passphrase)) return { reason: "passphrase" };
  const key = await keyFor(passphrase, salt, iterations, "decrypt");
  try {
    const algorithm = { name: "AES-GCM", iv, additionalData: encode(head) };
    const profile = textOf(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, secret)));
    return { profile, reason: null };
  } catch {
    return { reason: "passphrase" };
  }
};
