/**
 * Builds the playground, a static page: `buildPlayground(folder)`, or `node scripts/docs/playground.mjs FOLDER`. Needs
 * `dist/`, whose engine runs in it.
 *
 * The editor's parts that few need, completion by the schema and the grammar of HTML, are chunks of their own. With
 * `--size` it also prints what visitors of the page download.
 */

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { build as esbuild, transform } from "esbuild";
import { readRecipes } from "./recipes.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = path.join(ROOT, "www/playground");
const DIST = path.join(ROOT, "dist");

/** What a visitor of the page may download at first, in bytes of brotli. */
export const BUDGET = 150_000;

/** The engine and its chunks. */
const ENGINE = /^tailorbird(-[a-z-]+)?\.js$/;

/**
 * The scripts of one document, and their chunks.
 *
 * @param {string} entry
 * @param {"esm" | "iife"} format
 * @param {string} out
 */
const bundle = async (entry, format, out) => {
  const { metafile } = await esbuild({
    absWorkingDir: ROOT,
    entryPoints: [path.join(SOURCE, entry)],
    bundle: true,
    minify: true,
    format,
    splitting: format === "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    // The language service's default is a module that esbuild cannot bundle.
    mainFields: ["module", "browser", "main"],
    outdir: out,
    chunkNames: "playground-[name]-[hash]",
    metafile: true,
  });
  return metafile;
};

/** @param {string | Buffer} text */
const brotli = (text) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

/**
 * What a visitor of the page downloads, in bytes of brotli: `first` with the page, `later` chunks that are loaded when
 * they are used, by name. Without the engine, and the document of the frame.
 *
 * @typedef {{ first: { [file: string]: number }, later: { [file: string]: number } }} Sizes
 */

/**
 * @param {string} out
 * @param {import("esbuild").Metafile} metafile
 * @returns {Promise<Sizes>}
 */
const measure = async (out, metafile) => {
  const outputs = new Map(Object.entries(metafile.outputs).map(([file, output]) => [path.basename(file), output]));
  /** @type {Set<string>} */
  const needed = new Set();
  /** @param {string} file */
  const need = (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    for (const { path: imported, kind } of outputs.get(file)?.imports ?? []) {
      if (kind === "import-statement") need(path.basename(imported));
    }
  };
  need("playground.js");
  /** @param {Iterable<string>} files */
  const sizes = async (files) => {
    /** @type {{ [file: string]: number }} */
    const bytes = {};
    for (const file of files) bytes[file] = brotli(await readFile(path.join(out, file)));
    return bytes;
  };
  return {
    first: await sizes(["index.html", "playground.css", "recipes.json", ...needed]),
    later: await sizes([...outputs.keys()].filter((file) => !needed.has(file))),
  };
};

/**
 * The licences of the packages that are in the scripts: they ask to stand beside every copy.
 *
 * @param {import("esbuild").Metafile} metafile
 */
const licences = async ({ inputs }) => {
  const found = Object.keys(inputs).map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const folders = [...new Set(found)].filter((folder) => folder !== undefined).sort();
  const texts = folders.map(async (folder) => {
    const file = (await readdir(path.join(ROOT, folder))).find((name) => /^licen[cs]e(\.|$)/i.test(name));
    const { name, license, author } = JSON.parse(await readFile(path.join(ROOT, folder, "package.json"), "utf8"));
    // Some packages only name their licence.
    const text = file
      ? await readFile(path.join(ROOT, folder, file), "utf8")
      : `${license}, ${author?.name ?? author}\n`;
    return `${name}\n\n${text}`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
};

/** The recipes as the page reads them. */
const recipes = () =>
  readRecipes().map(({ name, title, configText, page, sessions }) => ({
    name,
    title,
    config: configText,
    page,
    sessions,
  }));

/**
 * Writes the playground into `folder`, which is emptied first. `docs` is the address of the documentation, seen from
 * there.
 *
 * @param {string} folder
 * @param {{ docs?: string }} [options]
 * @returns {Promise<() => Promise<Sizes>>} what measures it
 */
export const buildPlayground = async (folder, { docs = "../" } = {}) => {
  const out = path.resolve(folder);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const metafile = await bundle("playground.ts", "esm", out);
  await bundle("frame.ts", "iife", out);
  for (const name of ["playground.css", "frame.css"]) {
    const { code } = await transform(await readFile(path.join(SOURCE, name), "utf8"), { loader: "css", minify: true });
    await writeFile(path.join(out, name), code);
  }
  const page = await readFile(path.join(SOURCE, "index.html"), "utf8");
  await writeFile(path.join(out, "index.html"), page.replace('href="../"', `href="${docs}"`));
  await cp(path.join(SOURCE, "frame.html"), path.join(out, "frame.html"));
  await writeFile(path.join(out, "recipes.json"), JSON.stringify(recipes()));
  await writeFile(path.join(out, "licences.txt"), await licences(metafile));
  const engine = (await readdir(DIST)).filter((name) => ENGINE.test(name));
  if (engine.length === 0) throw new Error("dist/ has no engine: npm run build");
  for (const name of engine) await cp(path.join(DIST, name), path.join(out, name));
  return () => measure(out, metafile);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { size: { type: "boolean" } } });
  const [folder] = positionals;
  if (!folder) {
    console.error("playground: usage: node scripts/docs/playground.mjs FOLDER [--size]");
    process.exitCode = 2;
  } else {
    const measured = await buildPlayground(folder);
    if (values.size) {
      for (const [when, files] of Object.entries(await measured())) {
        const sum = Object.values(files).reduce((total, bytes) => total + bytes, 0);
        console.log(`${when} ${sum}`);
        for (const [file, bytes] of Object.entries(files)) console.log(`  ${file} ${bytes}`);
      }
    }
  }
}
