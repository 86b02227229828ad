/**
 * The documentation as a site: `npm run docs`. VitePress renders the pages that `scripts/docs/site_pages.mjs` has
 * gathered in `dist-docs/pages`, below the base `/docs/`, into `dist-docs/site/docs`.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { anchorOf } from "./anchors.mjs";
import { CLASSES, THEME } from "./code.mjs";
import { GROUPS, TITLES } from "./navigation.mjs";
import { withPolicy } from "./policy.mjs";
import { accessibleSearch } from "./search.mjs";

/** @import { DefaultTheme, UserConfig } from "vitepress" */

const root = fileURLToPath(new URL("../../", import.meta.url));
const pages = join(root, "dist-docs/pages");

/** @param {string} name */
const read = (name) => readFileSync(join(pages, `${name}.md`), "utf8");

/** The first heading of a page, without its markup. @param {string} name */
const titleOf = (name) => TITLES[name] ?? /^# (.+)$/m.exec(read(name))?.[1].replaceAll("`", "") ?? name;

/** @param {string} name */
const item = (name) => ({ text: titleOf(name), link: `/${name.replace(/index$/, "")}` });

/** @param {string} name */
const isThere = (name) => existsSync(join(pages, `${name}.md`));

/**
 * The recipes by what they are for, as their overview lists them.
 *
 * @returns {DefaultTheme.SidebarItem[]}
 */
const recipes = () => {
  const [, ...goals] = read("recipes").split(/^## /m);
  const byGoal = goals.map((text) => ({
    text: text.split("\n")[0],
    items: [...text.matchAll(/\]\((recipes\/[a-z-]+)\.md\)/g)].map(([, name]) => item(name)),
  }));
  return [item("recipes"), ...byGoal];
};

/** @type {DefaultTheme.SidebarItem[]} */
const sidebar = GROUPS.map(({ text, pages: names }) => ({ text, items: names.filter(isThere).map(item) }));
if (isThere("recipes")) {
  const guides = GROUPS.findIndex(({ text }) => text === "Guides");
  sidebar.splice(guides + 1, 0, { text: "Recipes", collapsed: true, items: recipes() });
}

const hasPlayground = existsSync(join(root, "scripts/docs/playground.mjs"));

/**
 * The description of a page: its first sentence or two, without markup.
 *
 * @param {string} text
 */
const descriptionOf = (text) => {
  const [paragraph = ""] = /^(?![#<|\s`!]).+(?:\n(?![#<|\s`]).+)*/m.exec(text.replace(/^# .+$/m, "")) ?? [];
  const plain = paragraph
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*_"<>]/g, "")
    .replaceAll("\n", " ");
  return plain.length > 160 ? `${plain.slice(0, 157).replace(/\s+\S*$/, "")} …` : plain;
};

/** @type {UserConfig<DefaultTheme.Config>} */
export default {
  title: "Tailorbird",
  description: "Personalization that learns and decides inside the visitor's own browser. Nothing leaves.",
  lang: "en",
  base: "/docs/",
  srcDir: "../dist-docs/pages",
  outDir: "../dist-docs/site/docs",
  cacheDir: "../dist-docs/cache",
  // Otherwise a change of colours adds a style element, which the policy forbids.
  appearance: { disableTransition: false },
  // The list of pages as a file: as inline script it would have to be in every page.
  metaChunk: true,
  // A page loads itself alone; the policy forbids in Firefox to fetch others ahead.
  router: { prefetchLinks: false },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: "/docs/tailorbird.svg" }]],
  markdown: {
    theme: THEME,
    codeTransformers: [CLASSES],
    anchor: { slugify: anchorOf },
    config: (md) => {
      // Placeholders of Tailorbird look like those of Vue.
      md.core.ruler.push("code-as-it-is", ({ tokens }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          if (token.type === "code_inline") token.attrSet("v-pre", "");
        }
      });
      // Columns of numbers: markdown-it aligns them by `style`, which the policy forbids.
      md.core.ruler.push("aligned-cells", ({ tokens }) => {
        for (const token of tokens) {
          const aligned = /^text-align:(\w+)$/.exec(token.attrGet("style") ?? "")?.[1];
          if (!aligned) continue;
          token.attrs = (token.attrs ?? []).filter(([name]) => name !== "style");
          token.attrJoin("class", `aligned-${aligned}`);
        }
      });
    },
  },
  themeConfig: {
    nav: [
      { text: "Script tag", link: "/script-tag" },
      { text: "Privacy", link: "/private-site" },
      { text: "npm", link: "/npm" },
      ...(isThere("recipes") ? [{ text: "Recipes", link: "/recipes" }] : []),
      { text: "Reference", link: "/config" },
      // Neither is a page of VitePress: `target` keeps its router away.
      ...(hasPlayground ? [{ text: "Playground", link: "/playground/", target: "_self", noIcon: true }] : []),
    ],
    sidebar,
    outline: [2, 3],
    search: {
      provider: "local",
      options: { miniSearch: { searchOptions: { boost: { title: 4, text: 1, titles: 2 }, prefix: true, fuzzy: 0.2 } } },
    },
    notFound: {
      title: "There is no such page",
      quote: "It may have another name now. The search finds it by its words.",
      linkLabel: "All of the documentation",
      linkText: "All of the documentation",
    },
    docFooter: { prev: "Before", next: "Next" },
    footer: { message: "MIT or Apache 2.0, as you choose." },
  },
  transformPageData: (page) => {
    page.description = descriptionOf(read(page.relativePath.replace(/\.md$/, "")));
    if (page.relativePath === "index.md") {
      Object.assign(page.frontmatter, { sidebar: false, aside: false, pageClass: "landing" });
      page.titleTemplate = ":title";
      page.title = "Tailorbird";
    }
  },
  transformHtml: withPolicy,
  // The index of the search is larger than Vite expects of a script.
  vite: { plugins: [accessibleSearch()], build: { chunkSizeWarningLimit: 2_000 } },
};
