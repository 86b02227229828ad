/**
 * A profile as a file that only its passphrase opens: JSON with a header that anybody may read,
 * and the profile encrypted. Whatever of the header is altered, the profile does not open.
 *
 * The key is derived by PBKDF2 with HMAC-SHA-256; the cipher is AES-GCM with 256 bits, an IV of 96
 * random bits and a tag of 128. Sources: OWASP Password Storage Cheat Sheet, "PBKDF2"; NIST
 * SP 800-38D, 8.2.2 "RBG-based Construction".
 */

import type { Imported } from "../loader/types.js";
import { bytes } from "./chance.js";

/** Between what devices and for which engine of theirs a file is. */
export interface Place {
  /** The page's origin. */
  readonly site: string;
  readonly namespace: string;
}

/** A profile's sealed text, or why there is none. */
export type Opened = { readonly profile: string } | { readonly reason: Reason };
type Reason = Extract<Imported, { imported: false }>["reason"];

/** Characters. A profile has at most 50,000, a third more in base64. */
export const LONGEST = 1_000_000;

/** Of what a browser writes; the cheat sheet's number. */
const ITERATIONS = 600_000;
/** Of what it reads: fewer are none of ours, more would keep the page waiting for minutes. */
const FEWEST = 100_000;
const MOST = 10_000_000;

const LIFE_MS = 30 * 86_400_000;

/** Characters of a passphrase, at least. */
const SHORTEST = 8;

const SALT = 16;
const IV = 12;

interface Known extends Place {
  readonly exported: number;
  readonly expires: number;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
}

const header = ({ site, namespace, exported, expires, iterations, salt, iv }: Known) => ({
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

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Text with a byte a character, from U+0000 to U+00FF. */
const textOf = (bytes: Uint8Array): string => {
  // One by one: as arguments they would not fit on the stack.
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, character => character.charCodeAt(0));

const base64 = (bytes: Uint8Array): string => btoa(textOf(bytes));

/** `undefined` where it is not written as we would have, or holds another number of bytes. */
const decoded = (text: unknown, length?: number): Uint8Array<ArrayBuffer> | undefined => {
  try {
    const plain = atob(text as string);
    // It overlooks white space and bits beyond the last byte.
    if (btoa(plain) === text && plain.length == (length ?? plain.length)) return bytesOf(plain);
  } catch {
    // It is no base64.
  }
  return;
};

/** Only secure pages have it. */
export const able = (): boolean => !!(crypto as { subtle?: SubtleCrypto }).subtle;

/** Whether a file may be locked by it. */
export const isPassphrase = (given: unknown): given is string =>
  typeof given == "string" && [...given].length >= SHORTEST;

/** What encrypts and decrypts one file, and nothing else. */
const keyFor = async (passphrase: string, salt: BufferSource, iterations: number, use: KeyUsage): Promise<CryptoKey> => {
  const { subtle } = crypto;
  // Devices type the same letters as different characters.
  const material = await subtle.importKey("raw", encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const derived = { name: "AES-GCM", length: 256 };
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, derived, false, [use]);
};

/** The text of a file with this profile in it. */
export const seal = async (profile: string, passphrase: string, place: Place, now: number): Promise<string> => {
  const salt = bytes(SALT);
  const iv = bytes(IV);
  const head = header({
    ...place,
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

/** The profile in a file. A wrong passphrase and altered bytes look alike: the tag does not fit. */
export const open = async (file: string, passphrase: unknown, place: Place, now: number): Promise<Opened> => {
  const damaged = { reason: "damaged" } as const;
  let read: Partial<File>;
  try {
    read = file.length > LONGEST ? {} : (Object(JSON.parse(file)) as Partial<File>);
  } catch {
    return damaged;
  }
  const { data, ...rest } = read;
  const { tailorbird, version, kdf, cipher } = rest;
  if (tailorbird === "profile" && version! > 1) return { reason: "newer" };
  const salt = decoded(kdf?.salt, SALT);
  const iv = decoded(cipher?.iv, IV);
  const secret = decoded(data);
  const known = { ...rest, ...kdf, ...cipher } as Known;
  const { site, namespace, expires, iterations } = known;
  // Only what we would have written with these values is ours.
  const head = JSON.stringify(header(known));
  if (!salt || !iv || !secret || head != JSON.stringify(rest)) return damaged;
  if (!Number.isInteger(iterations) || iterations < FEWEST || iterations > MOST) return damaged;
  if (site !== place.site || namespace !== place.namespace) return { reason: "foreign" };
  if (!(expires > now)) return { reason: "expired" };
  if (!isPassphrase(passphrase)) return { reason: "passphrase" };
  const key = await keyFor(passphrase, salt, iterations, "decrypt");
  try {
    const opened = { name: "AES-GCM", iv, additionalData: encode(head) };
    return { profile: textOf(new Uint8Array(await crypto.subtle.decrypt(opened, key, secret))) };
  } catch {
    return { reason: "passphrase" };
  }
};
