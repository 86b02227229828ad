/** The pages that newcomers read, and the snippets in them. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @param {string} folder */
const pagesIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name}`);

/** README, the pages of `docs/` and the other documents, as paths from the root. */
export const PAGES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...pagesIn("docs"),
  ...pagesIn("docs/recipes"),
];

/** @param {string} path */
export const read = (path) => readFileSync(join(root, path), "utf8");

/** The pages whose snippets are for users: they run as they are written. */
export const USER_PAGES = PAGES.filter((path) => path === "README.md" || path.startsWith("docs/"));

/**
 * Whether a page is of a recipe: its HTML and its config belong together, and tests/browser/recipes.test.mjs runs both.
 *
 * @param {string} page
 */
export const isRecipe = (page) => page.startsWith("docs/recipes/");

/** @typedef {{ page: string, line: number, language: string, place: string, text: string }} Snippet */

/**
 * The fenced snippets of a page: `{ page, line, language, place, text }`. `place` is what stands behind the language:
 * `json site` is the section `site` of a config. Indentation of the fence, as in a list, is taken off.
 *
 * @param {string} page
 */
export const snippetsOf = (page) => {
  /** @type {Snippet[]} */
  const found = [];
  /** @type {{ indent: string, language: string, place: string, line: number, text: string[] } | null} */
  let open = null;
  for (const [at, line] of read(page).split("\n").entries()) {
    const fence = /^( *)```(\S*) ?(.*)$/.exec(line);
    if (open && fence && fence[2] === "") {
      found.push({ page, line: open.line, language: open.language, place: open.place, text: open.text.join("\n") });
      open = null;
    } else if (open) {
      open.text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    } else if (fence) {
      open = { indent: fence[1], language: fence[2], place: fence[3], line: at + 1, text: [] };
    }
  }
  if (open) throw new Error(`${page}:${open.line}: the snippet has no end`);
  return found;
};

/**
 * All snippets of the pages for users in one of these languages.
 *
 * @param {string[]} languages
 */
export const snippetsIn = (...languages) =>
  USER_PAGES.flatMap(snippetsOf).filter(({ language }) => languages.includes(language));

/**
 * Where a snippet is, for the name of a test.
 *
 * @param {{ page: string, line: number }} snippet
 */
export const placeOf = ({ page, line }) => `${page}:${line}`;
