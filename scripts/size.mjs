/**
 * What each shipped file weighs, against its budget: `npm run size`, `npm run size -- --json`; with
 * `--why` what the script tag's file is made of, by crate and module.
 *
 * 1 KB = 1,000 bytes. A budget is in bytes of brotli (quality 11, window 22), because that is what
 * a visitor downloads. Exits 1 when a file is above its budget, missing, or has none.
 */

import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { anatomy } from "./size/anatomy.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** Every file of `dist/`: its budget, and why that much. */
// The ceiling of a visitor's first download is 120 KB. tailorbird.js, engine.js and the module are above it: their
// budgets are 1 % above what they weigh, so that they do not grow unnoticed. The code has no single large part left to
// save; to come below the ceiling, parts have to be loaded when they are used. 18 KB of each came with inspection,
// sandbox, previews and report(), which need the engine's own code and data: visitors download what only developers use.
/** @type {{ [name: string]: [budget: number, why: string] }} */
export const BUDGETS = {
  "tailorbird.js": [293_200, "the script tag, wasm included"],
  "tailorbird-prompt.js": [6_900, "prompts, loaded when one may come"],
  "tailorbird-country.js": [4_000, "time zones and their countries, loaded where a condition names geo"],
  "tailorbird-transfer.js": [1_800, "export with a passphrase and import, loaded when used"],
  "tailorbird-privacy.js": [12_000, "the privacy panel in four languages, loaded where a page has one"],
  "tailorbird-audit.js": [3_000, "what the engine did on a page view, loaded when somebody asks"],
  "tailorbird-inspector.js": [25_000, "the inspector, loaded when a developer asks for it"],
  "tailorbird-preview.js": [1_800, "the badge of a preview, loaded while there is one"],
  "tailorbird-recommend.js": [25_000, "answers from a site model, its wasm included, loaded when it is asked"],
  "boot.js": [600, "inlined by the page; at most 1,000 bytes before compression"],
  "index.js": [600, "what an npm consumer's own bundle grows by"],
  "engine.js": [292_600, "the chunk behind it: as the script tag"],
  "slim.js": [28_600, "loader, page and glue, wasm apart"],
  "openfeature.js": [2_200, "the provider, beside an SDK of about 10 KB"],
  "react.js": [2_600, "provider, hooks and <Slot>"],
  "vue.js": [2_600, "plugin, composables and <TailorbirdSlot>"],
  "svelte.js": [2_250, "stores and an action"],
  "tailorbird_bg.wasm": [260_400, "the module alone"],
  "index.d.ts": [8_300, "read by editors, never sent to a visitor"],
  "slim.d.ts": [500, "the same"],
  "openfeature.d.ts": [1_300, "the same"],
  "client.d.ts": [1_400, "the same, for the three adapters"],
  "react.d.ts": [1_600, "the same"],
  "vue.d.ts": [1_500, "the same"],
  "svelte.d.ts": [1_200, "the same"],
  "tailorbird.schema.json": [22_800, "the same"],
};

/** @param {string} name */
const measure = async (name) => {
  const bytes = await readFile(join(dist, name));
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 22,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }).length,
    budget: BUDGETS[name]?.[0] ?? 0,
  };
};

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */

const WIDTH = 24;

/** @param {Measured} measured */
const bar = ({ brotli, budget }) => {
  const share = budget ? brotli / budget : Infinity;
  const full = Math.min(WIDTH, Math.round(share * WIDTH));
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${budget ? `${Math.round(share * 100)} %`.padStart(5) : "  ---"}`;
};

/** @param {readonly Measured[]} files */
const table = (files) => {
  /** @param {number} value */
  const number = (value) => value.toLocaleString("en-GB").padStart(9);
  /** @param {string} text */
  const name = (text) => text.padEnd(24);
  return [
    `${name("file")}${["raw", "gzip", "brotli", "budget"].map((head) => head.padStart(9)).join("")}`,
    ...files.map((file) => {
      const numbers = [file.raw, file.gzip, file.brotli, file.budget].map(number).join("");
      return `${name(file.name)}${numbers}  ${bar(file)}  ${BUDGETS[file.name]?.[1] ?? "has no budget"}`;
    }),
  ].join("\n");
};

/**
 * What the script tag's file is made of. The build leaves the wasm with the names of its functions in `pkg`, as it is
 * before `wasm-opt`.
 */
const reasons = async () => {
  const [wasm, glue, slim] = await Promise.all(
    ["pkg/tailorbird_named.wasm", "pkg/tailorbird.js", "dist/slim.js"].map((path) => readFile(join(root, path))),
  );
  const { code } = await transform(glue.toString(), { minify: true, target: "es2020" });
  return anatomy(wasm, [
    ["wasm-bindgen's glue", code.length],
    ["www, as in slim.js", slim.length - code.length],
  ]);
};

/**
 * @param {boolean} json
 * @param {boolean} why
 */
const main = async (json, why) => {
  /** @type {string[]} */
  const shipped = await readdir(dist).catch(() => []);
  const missing = Object.keys(BUDGETS).filter((name) => !shipped.includes(name));
  if (missing.length) {
    console.error(`size: dist/ has no ${missing.join(", ")}: npm run build`);
    return 1;
  }
  const known = Object.keys(BUDGETS);
  const files = await Promise.all([...known, ...shipped.filter((name) => !known.includes(name)).sort()].map(measure));
  const heavy = files.filter(({ brotli, budget }) => brotli > budget);
  console.log(json ? JSON.stringify({ files }) : table(files));
  if (why) console.log(`\n${await reasons()}`);
  for (const { name, brotli, budget } of heavy) {
    console.error(`size: ${name} is ${brotli} bytes of brotli, its budget is ${budget}`);
  }
  return heavy.length ? 1 : 0;
};

if (process.argv[1] == fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.includes("--json"), process.argv.includes("--why"));
}
