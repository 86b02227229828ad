/**
 * Writes the pages of `docs/` that are made from something else, and builds the site of them: `npm run docs`.
 *
 * - `--pages`: the pages alone: `config.md` from the JSON Schema, `messages.md` from `messages.json`, `recipes.md` and
 *   `recipes/` from the folder `recipes`, the sizes in `sizes-and-speed.md` from `dist/`.
 * - `--site`: the site alone, in `dist-docs/`.
 * - `--check`: writes nothing; exits 1 where a page is not current.
 * - `--bench`: the pages, and the speeds in `sizes-and-speed.md`, which takes some minutes.
 * - `--picture`: the pictures in the README and in `docs/`, from the demo shop.
 *
 * `docs/attributes.md` is written by `UPDATE_DOCS=1 cargo test --test attributes`, `docs/options.md` by `UPDATE_DOCS=1 cargo
 * test --package tailorbird-cli --test tool options`.
 */

import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { configReference } from "./docs/config_reference.mjs";
import { BENCHMARKS, filled, numbersOf, SIZES } from "./docs/figures.mjs";
import { messagesPage } from "./docs/messages.mjs";
import { readRecipes, recipePage, recipesIndex } from "./docs/recipes.mjs";

const root = new URL("../", import.meta.url);
/** @param {string} path */
const read = (path) => readFile(new URL(path, root), "utf8");

const FIGURES = "docs/sizes-and-speed.md";

/** @type {Record<string, () => string | Promise<string>>} */
const PAGES = {
  "docs/config.md": async () => configReference(JSON.parse(await read("www/loader/tailorbird.schema.json"))),
  "docs/messages.md": () => messagesPage(),
  "docs/recipes.md": () => recipesIndex(),
  ...Object.fromEntries(readRecipes().map((recipe) => [`docs/recipes/${recipe.name}.md`, () => recipePage(recipe)])),
};

/**
 * Whether two tables differ by more than another version of a compiler explains: one percent.
 *
 * @param {readonly number[]} written
 * @param {readonly number[]} measured
 */
const isFar = (written, measured) =>
  written.length !== measured.length ||
  written.some((value, at) => Math.abs(value - (measured[at] ?? 0)) > 0.01 * value + 10);

const check = async () => {
  const stale = [];
  for (const [path, make] of Object.entries(PAGES)) {
    if ((await make()) !== (await read(path).catch(() => ""))) stale.push(path);
  }
  const page = await read(FIGURES);
  for (const [name, measure] of Object.entries(SIZES)) {
    const measured = numbersOf(filled(page, name, await measure()), name);
    if (isFar(numbersOf(page, name), measured)) stale.push(`${FIGURES} (${name})`);
  }
  if (stale.length === 0) return 0;
  console.error(`docs: ${stale.join(", ")}: not current, run npm run docs`);
  return 1;
};

/** @param {Record<string, () => Promise<string>>} tables */
const write = async (tables) => {
  for (const [path, make] of Object.entries(PAGES)) await writeFile(new URL(path, root), await make());
  let page = await read(FIGURES);
  for (const [name, measure] of Object.entries(tables)) {
    console.error(`docs: measuring ${name}`);
    page = filled(page, name, await measure());
  }
  await writeFile(new URL(FIGURES, root), page);
  return 0;
};

const site = async () => {
  // Imported late: what needs it least often needs most packages.
  const { buildSite, SITE } = await import("./docs/site.mjs");
  await buildSite();
  console.error(`docs: the site is in ${relative(fileURLToPath(root), SITE)}; npm start serves it`);
  return 0;
};

const main = async () => {
  const flag = /** @type {const} */ ({ type: "boolean" });
  const { values } = parseArgs({
    options: { pages: flag, site: flag, check: flag, bench: flag, picture: flag },
  });
  if (values.site) return site();
  if (values.check) return check();
  if (values.picture) {
    const { takeInspector, takeShop } = await import("./docs/picture.mjs");
    await takeShop(new URL("docs/shop.png", root));
    await takeInspector(new URL("docs/inspector.png", root));
    return 0;
  }
  const code = await write(values.bench ? { ...SIZES, ...BENCHMARKS } : SIZES);
  return values.pages || values.bench ? code : site();
};

process.exitCode = await main().catch((/** @type {Error} */ error) => {
  console.error(`docs: ${error.message}`);
  return 1;
});
