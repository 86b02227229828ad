// Whether `dist/` and the site of the documentation were built from the sources as they are now. Imports only what Node has, because it runs
// before anything is installed.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * What a script of ours imports of our own, itself included.
 *
 * @param {string} root
 * @param {string} script
 * @param {Set<string>} found
 * @returns {Set<string>}
 */
const withImports = (root, script, found = new Set()) => {
  if (found.has(script)) return found;
  found.add(script);
  for (const [, name] of readFileSync(path.join(root, script), "utf8").matchAll(/^import .*from "(\.[^"]+)";$/gm)) {
    withImports(root, path.join(path.dirname(script), name), found);
  }
  return found;
};

/**
 * What `dist/` is made from: files and folders, from the root of the repository.
 *
 * @param {string} root
 */
export const sources = (root) => [
  "src",
  "recommend",
  "xtask",
  // The shop is served as it is, and the playground is built into the docs.
  ...readdirSync(path.join(root, "www"))
    .filter((name) => name !== "shop" && name !== "playground")
    .map((name) => path.join("www", name)),
  ...withImports(root, "scripts/build.mjs"),
  ...[
    "tsconfig.json",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "rust-toolchain.toml",
    "package.json",
    "package-lock.json",
  ],
];

/**
 * The built files that others import or load by name.
 *
 * @param {string} root
 * @returns {string[]}
 */
export const products = (root) => {
  /** @type {{ exports: { [entry: string]: string | { [condition: string]: string } } }} */
  const { exports } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const named = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)));
  return [...new Set(named)].map((file) => path.normalize(file)).filter((file) => file.startsWith("dist"));
};

/**
 * When the newest file at or below a path was written, in milliseconds.
 *
 * @param {string} file
 * @returns {number}
 */
const newest = (file) => {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(
    0,
    ...readdirSync(file)
      .filter((name) => name !== "target" && name !== "node_modules")
      .map((name) => newest(path.join(file, name))),
  );
};

/**
 * Whether every product is there and none is older than any source.
 *
 * @param {string} root
 * @param {readonly string[]} made
 * @param {readonly string[]} from
 */
const isNewer = (root, made, from) => {
  const built = made.map((file) => path.join(root, file));
  if (!built.every((file) => existsSync(file))) return false;
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return from.every((source) => newest(path.join(root, source)) <= oldest);
};

/**
 * Whether `dist/` is current.
 *
 * @param {string} root
 */
export const isCurrent = (root) => isNewer(root, products(root), sources(root));

/**
 * What the site of the documentation is made from, beside the files that its pages link to.
 *
 * @param {string} root
 */
export const siteSources = (root) => [
  "docs",
  "README.md",
  "CHANGELOG.md",
  "www/loader",
  "tsconfig.json",
  "tsconfig.types.json",
  "package-lock.json",
  // The playground brings the engine with it.
  ...(existsSync(path.join(root, "scripts/docs/playground.mjs"))
    ? ["dist", "recipes", "www/playground", ...withImports(root, "scripts/docs/playground.mjs")]
    : []),
  ...withImports(root, "scripts/docs/site.mjs"),
];

/**
 * Whether the site of the documentation is current. It takes its place as a whole, so one page tells of all.
 *
 * @param {string} root
 */
export const isSiteCurrent = (root) => isNewer(root, ["dist-docs/site/docs/index.html"], siteSources(root));
