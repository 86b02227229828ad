/** The file that carries a profile to another device: what opens it, and what does not. */

import assert from "node:assert/strict";
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { root } from "./bundle.mjs";

const { outputFiles } = await build({
  entryPoints: [join(root, "www/transfer/sealed_file.ts")],
  bundle: true,
  write: false,
  format: "esm",
});
const { sealFile: seal, openFile: open } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

const DAY = 86_400_000;
const NOW = 1_790_000_000_000;
const PLACE = { site: "https://shop.example", namespace: "" };
const SECRET = "kestrel over wet heath";
/** As sealed texts are: each character a byte, none left out. */
const PROFILE = Array.from({ length: 2_000 }, (_, at) => String.fromCharCode((at * 7) % 256)).join("");

const file = await seal(PROFILE, SECRET, PLACE, NOW);
const { data, ...header } = JSON.parse(file);

/**
 * @param {string} text
 * @param {{ secret?: unknown, place?: typeof PLACE, now?: number }} [given]
 */
const opened = (text, { secret = SECRET, place = PLACE, now = NOW } = {}) => open(text, secret, place, now);
/**
 * Of the file with some of it changed.
 *
 * @param {object} more
 * @param {Parameters<typeof opened>[1]} [given]
 */
const changed = (more, given) => opened(JSON.stringify({ ...header, data, ...more }), given);

test("whoever has the passphrase has the profile, to the last character", async () => {
  assert.deepEqual(await opened(file), { profile: PROFILE, reason: null });
  assert.deepEqual(
    await opened(JSON.stringify(JSON.parse(file), null, 2) + "\n"),
    { profile: PROFILE, reason: null },
    "laid out anew",
  );
});

test("a profile as large as one can be is no larger than a file may be", async () => {
  const profile = "\u00ff".repeat(50_000);
  const text = await seal(profile, SECRET, PLACE, NOW);
  assert.ok(text.length < 70_000, `${text.length} characters`);
  assert.deepEqual(await opened(text), { profile, reason: null });
});

test("the file says where it is from, when, and how it is locked, and nothing else", () => {
  const { kdf, cipher, ...rest } = header;
  assert.deepEqual(rest, {
    tailorbird: "profile",
    version: 1,
    site: "https://shop.example",
    namespace: "",
    exported: NOW,
    expires: NOW + 30 * DAY,
  });
  assert.deepEqual({ ...kdf, salt: "" }, { name: "PBKDF2", hash: "SHA-256", iterations: 600_000, salt: "" });
  assert.deepEqual({ ...cipher, iv: "" }, { name: "AES-GCM", iv: "" });
  assert.equal(Buffer.from(kdf.salt, "base64").length, 16);
  assert.equal(Buffer.from(cipher.iv, "base64").length, 12);
});

test("another implementation of the same standards opens it, header and all", () => {
  const { kdf, cipher } = header;
  const key = pbkdf2Sync(SECRET, Buffer.from(kdf.salt, "base64"), kdf.iterations, 32, "sha256");
  const bytes = Buffer.from(data, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.iv, "base64"));
  decipher.setAAD(Buffer.from(JSON.stringify(header)));
  decipher.setAuthTag(bytes.subarray(-16));
  const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
  assert.equal(plain.toString("latin1"), PROFILE);
});

test("two files of one profile have no salt, no IV and no data in common", async () => {
  const other = JSON.parse(await seal(PROFILE, SECRET, PLACE, NOW));
  assert.notEqual(other.kdf.salt, header.kdf.salt);
  assert.notEqual(other.cipher.iv, header.cipher.iv);
  assert.notEqual(other.data.slice(0, 64), data.slice(0, 64));
});

test("another passphrase does not open it, and one that is too short is not even tried", async () => {
  for (const secret of ["kestrel over wet heat", SECRET.toUpperCase(), `${SECRET} `, "short", "", null, 12345678, {}]) {
    assert.deepEqual(await opened(file, { secret }), { reason: "passphrase" }, String(secret));
  }
});

test("a passphrase is the same however a device writes its letters", async () => {
  const text = await seal(PROFILE, "fa\u00e7ade na\u00efve", PLACE, NOW);
  assert.deepEqual(await opened(text, { secret: "fac\u0327ade nai\u0308ve" }), { profile: PROFILE, reason: null });
});

test("a file with any other value in its header does not open", async () => {
  const { kdf, cipher } = header;
  const site = "https://other.example";
  /** @param {string} text */
  const turned = (text) => (text[0] == "A" ? "B" : "A") + text.slice(1);
  for (const [more, place, why] of /** @type {[more: object, place: typeof PLACE, why: string][]} */ ([
    [{ expires: header.expires + 1 }, PLACE, "it would last longer"],
    [{ exported: header.exported + 1 }, PLACE, "it would be younger"],
    [{ site }, { ...PLACE, site }, "it would be another site's"],
    [{ namespace: "outlet" }, { ...PLACE, namespace: "outlet" }, "it would be another namespace's"],
    [{ kdf: { ...kdf, iterations: 600_001 } }, PLACE, "it would be another key"],
    [{ kdf: { ...kdf, salt: turned(kdf.salt) } }, PLACE, "it would be another key"],
    [{ cipher: { ...cipher, iv: turned(cipher.iv) } }, PLACE, "it would be another cipher"],
  ])) {
    assert.deepEqual(await changed(more, { place }), { reason: "passphrase" }, `${JSON.stringify(more)}: ${why}`);
  }
});

test("a file with any byte of its data altered, or with more or fewer of them, does not open", async () => {
  const bytes = Buffer.from(data, "base64");
  const last = bytes.length - 1;
  for (const [at, why] of /** @type {const} */ ([
    [0, "the first"],
    [1_000, "in the middle"],
    [last - 16, "the last of the profile"],
    [last - 15, "the tag's first"],
    [last, "the tag's last"],
  ])) {
    const altered = Buffer.from(bytes);
    altered[at] ^= 1;
    assert.deepEqual(await changed({ data: altered.toString("base64") }), { reason: "passphrase" }, why);
  }
  for (const other of [
    bytes.subarray(0, last),
    bytes.subarray(1),
    bytes.subarray(0, 15),
    Buffer.concat([bytes, bytes]),
    Buffer.alloc(0),
  ]) {
    assert.deepEqual(
      await changed({ data: other.toString("base64") }),
      { reason: "passphrase" },
      `${other.length} bytes`,
    );
  }
});

test("what is not written as we would have written it is no file of ours", async () => {
  const { kdf, cipher, site, ...rest } = header;
  for (const more of [
    { data: data.replace(/^./, "*") },
    { data: ` ${data}` },
    { data: 7 },
    { data: undefined },
    { more: true },
    { version: 0 },
    { tailorbird: "journal" },
    { tailorbird: undefined },
    { kdf: { ...kdf, name: "HKDF" } },
    { kdf: { ...kdf, hash: "SHA-1" } },
    { kdf: { ...kdf, more: true } },
    { kdf: { ...kdf, salt: "AAAA" } },
    { kdf: { ...kdf, site: "https://other.example" } },
    { kdf: null },
    { kdf: "PBKDF2" },
    { cipher: { ...cipher, name: "AES-CBC" } },
    { cipher: { ...cipher, iv: "AAAAAAAAAAAAAAAAAAAAAA==" } },
    { cipher: [] },
  ]) {
    assert.deepEqual(await changed(more), { reason: "damaged" }, JSON.stringify(more).slice(0, 80));
  }
  // The last characters of base64 may have bits to spare, which readers overlook.
  const padded = JSON.parse(await seal("a profile of some length", SECRET, PLACE, NOW));
  const spare = padded.data.replace(
    /(.)(=+)$/,
    (/** @type {string} */ _, /** @type {string} */ letter, /** @type {string} */ pad) =>
      String.fromCharCode(letter.charCodeAt(0) + 1) + pad,
  );
  assert.notEqual(spare, padded.data);
  assert.deepEqual(Buffer.from(spare, "base64"), Buffer.from(padded.data, "base64"));
  assert.deepEqual(await opened(JSON.stringify({ ...padded, data: spare })), { reason: "damaged" });
  const reordered = { site, ...rest, kdf, cipher, data };
  assert.deepEqual(await opened(JSON.stringify(reordered)), { reason: "damaged" });
});

test("what is no file at all is told to be none", async () => {
  const texts = [
    "",
    "a letter to a friend",
    "null",
    "[]",
    "7",
    '"profile"',
    "{}",
    '{"tailorbird":"profile","version":1}',
    file.slice(0, -1),
    `${file}x`,
    "[".repeat(100_000),
  ];
  for (const text of texts) assert.deepEqual(await opened(text), { reason: "damaged" }, text.slice(0, 40));
});

test("a file too large for any profile is refused before it is read", async () => {
  assert.deepEqual(
    await opened(file + " ".repeat(1_000_000 - file.length)),
    { profile: PROFILE, reason: null },
    "large enough",
  );
  const texts = [`"${"x".repeat(50_000_000)}"`, file + " ".repeat(1_000_001 - file.length)];
  // Of the processor, because the clock also runs for others.
  const before = process.cpuUsage();
  for (const text of texts) assert.deepEqual(await opened(text), { reason: "damaged" });
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 50_000, `${user + system} µs`);
});

test("a file cannot keep the page waiting: with too many iterations, or too few, it is none of ours", async () => {
  const before = process.cpuUsage();
  for (const iterations of [10_000_001, 2 ** 31, 1e300, 99_999, 1, 0, -600_000, 600_000.5, "600000", null]) {
    assert.deepEqual(await changed({ kdf: { ...header.kdf, iterations } }), { reason: "damaged" }, String(iterations));
  }
  // Of the processor, because the clock also runs for others; ten million iterations take seconds.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 500_000, `${user + system} µs`);
});

test("a file lasts thirty days", async () => {
  assert.deepEqual(await opened(file, { now: NOW + 30 * DAY - 1 }), { profile: PROFILE, reason: null });
  assert.deepEqual(await opened(file, { now: NOW + 30 * DAY }), { reason: "expired" });
  assert.deepEqual(await changed({ expires: undefined }), { reason: "expired" });
});

test("a file of another site, or of another namespace of this one, is foreign", async () => {
  for (const place of [
    { ...PLACE, site: "http://shop.example" },
    { ...PLACE, site: "https://www.shop.example" },
    { ...PLACE, namespace: "outlet" },
  ]) {
    assert.deepEqual(await opened(file, { place }), { reason: "foreign" }, JSON.stringify(place));
  }
});

test("a file of a later version is told apart from a damaged one", async () => {
  assert.deepEqual(await changed({ version: 2, padding: "whatever" }), { reason: "newer" });
});

test("where there is no page, and where there is no engine, nothing is moved and nobody rejects", async () => {
  const { start } = await import(join(root, "dist/index.js"));
  const running = await start({ config: { version: 1 }, consent: "granted" });
  assert.equal(await running.export({ passphrase: SECRET }), null);
  assert.deepEqual(await running.import(file, SECRET), { imported: false, reason: "unsupported" });
  running.stop();
  assert.equal(await running.export({ passphrase: SECRET }), null);
  assert.deepEqual(await running.import(file, SECRET), { imported: false, reason: "unavailable" });
  assert.deepEqual(running.export(), {});
});
