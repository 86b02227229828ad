/**
 * The pages of the site, gathered for VitePress: those of `docs/` as they are, the README and the changelog, the files
 * that they link to, and the public types of TypeScript as pages.
 */

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, normalize, posix } from "node:path";
import { Application } from "typedoc";
import { ROOT } from "../setup.mjs";

/** Documents that stand beside `docs/`, and their names on the site. */
/** @type {Readonly<Record<string, string>>} */
const DOCUMENTS = {
  "README.md": "quick-start.md",
  "CHANGELOG.md": "changelog.md",
  "www/loader/types.ts": "types/index.md",
};

/** What is no page of the site but has an address beside it: links to it leave the site's router. */
/** @type {Readonly<Record<string, string>>} */
const BESIDE = { "www/shop/index.html": "/", "www/playground/index.html": "/docs/playground/" };

/** Files that browsers show as they are; all others are sent as text. */
const SHOWN = [".json", ".png", ".svg"];

/** @param {string} folder */
const markdownIn = async (folder) =>
  (await readdir(join(ROOT, folder), { recursive: true }))
    .filter((name) => name.endsWith(".md") && !name.startsWith(".vitepress"))
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")));

/**
 * Where a page of the repository is on the site.
 *
 * @param {string} path from the root of the repository
 */
const placeOf = (path) => DOCUMENTS[path] ?? (path.startsWith("docs/") && path.endsWith(".md") ? path.slice(5) : null);

/**
 * Whether a link leads to a file of the repository, rather than to another site or within its page.
 *
 * @param {string} target
 */
const isFile = (target) => !/^([a-z]+:|#|\/)/.test(target);

/**
 * A page with its links as the site needs them; every file that it links to and that is no page is given to `attach`,
 * which answers its address.
 *
 * @param {string} path from the root of the repository
 * @param {string} text
 * @param {(file: string) => string} attach
 */
const relinked = (path, text, attach) => {
  const place = /** @type {string} */ (placeOf(path));
  /** @param {string} line */
  const ofProse = (line) =>
    line.replace(/(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (whole, image, label, target) => {
      if (!isFile(target)) return whole;
      const [file, anchor] = target.split("#");
      const source = posix.normalize(posix.join(posix.dirname(path), file));
      if (source in BESIDE) return `<a href="${BESIDE[source]}" target="_self">${label}</a>`;
      const page = placeOf(source);
      const address = page ? posix.relative(posix.dirname(place), page) : attach(source);
      if (!page && !image)
        return `<a href="/docs${address}" target="_self">${label.replace(/`(.*?)`/g, "<code>$1</code>")}</a>`;
      return `${image}[${label}](${address}${anchor ? `#${anchor}` : ""})`;
    });
  let isCode = false;
  return text
    .split("\n")
    .map((line) => {
      if (/^ *```/.test(line)) isCode = !isCode;
      return isCode ? line : ofProse(line);
    })
    .join("\n");
};

/**
 * The reference of the public types, from their comments.
 *
 * @param {string} folder
 */
const writeTypes = async (folder) => {
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: [join(ROOT, "www/loader/types.ts")],
    tsconfig: join(ROOT, "tsconfig.types.json"),
    // The step "types" of the tests checks them.
    skipErrorChecking: true,
    out: folder,
    name: "Types",
    readme: "none",
    disableSources: true,
    githubPages: false,
    logLevel: "Warn",
    // Of the plugin: one page, with tables in the place of a section for each property.
    ...{
      outputFileStrategy: "modules",
      entryFileName: "index",
      hideBreadcrumbs: true,
      hidePageHeader: true,
      useCodeBlocks: true,
      interfacePropertiesFormat: "table",
      parametersFormat: "table",
      propertyMembersFormat: "table",
      typeDeclarationFormat: "table",
      tableColumnSettings: { hideModifiers: true, hideInherited: true },
    },
  });
  const project = await application.convert();
  if (!project) throw new Error("the public types could not be read");
  await application.generateOutputs(project);
  const file = join(folder, "index.md");
  const text = await readFile(file, "utf8");
  const introduction = `The types of \`import type { ... } from "tailorbird"\`: what [\`start\`](#start) takes, [\`StartOptions\`](#startoptions),
and resolves to, [\`Tailorbird\`](#tailorbird). Its methods in a few words: [the object](../api.md).`;
  await writeFile(file, text.replace("# Types\n", `# Types\n\n${introduction}\n`));
};

/**
 * The page of a recipe with a link that opens it in the playground.
 *
 * @param {string} name
 * @param {string} text
 */
const playable = (name, text) => {
  const link = `<a href="/docs/playground/#${name}" target="_self">Open it in the playground</a>`;
  return text.replace(/^(# .+\n\n.+\n)/, `$1\n${link}\n`);
};

/**
 * Writes all pages into an empty `folder`, and the files that they link to into `folder/public`.
 *
 * @param {string} folder
 */
export const gatherPages = async (folder) => {
  await rm(folder, { recursive: true, force: true });
  const paths = ["README.md", "CHANGELOG.md", ...(await markdownIn("docs"))];
  /** @type {Set<string>} */
  const attached = new Set();
  /** @param {string} file */
  const attach = (file) => {
    attached.add(file);
    return addressOf(file);
  };
  for (const path of paths) {
    const target = join(folder, /** @type {string} */ (placeOf(path)));
    await mkdir(dirname(target), { recursive: true });
    const text = relinked(path, await readFile(join(ROOT, path), "utf8"), attach);
    await writeFile(target, path.startsWith("docs/recipes/") ? playable(basename(path, ".md"), text) : text);
  }
  for (const file of attached) {
    const target = join(folder, "public", normalize(addressOf(file)));
    await mkdir(dirname(target), { recursive: true });
    await cp(join(ROOT, file), target);
  }
  await cp(join(ROOT, "docs/.vitepress/tailorbird.svg"), join(folder, "public/tailorbird.svg"));
  await writeTypes(join(folder, "types"));
};

/**
 * Where a file that is no page is on the site: those of `docs/` at its root, all others below `source/`.
 *
 * @param {string} file
 */
const addressOf = (file) => {
  const name = SHOWN.includes(extname(file)) ? file : `${file}.txt`;
  return name.startsWith("docs/") ? `/${name.slice(5)}` : `/source/${name}`;
};
