/** The built site, as a server sends it: links, weight, and the policy of every page. `npm run docs -- --site` builds it. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { GROUPS, UNLISTED } from "../../docs/.vitepress/navigation.mjs";
import { root } from "./snippets.mjs";

const SITE = join(root, "dist-docs/site");
const BASE = "/docs/";
/** What a page may weigh, as a server sends it by gzip at its usual level. */
const MOST_BYTES = 150_000;

assert.ok(existsSync(join(SITE, "docs/index.html")), "the site is not built: run npm run docs -- --site");

/** All files of the site, by their address. */
const files = readdirSync(SITE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(SITE.length).replaceAll("\\", "/"));

/** @param {string} address */
const read = (address) => readFileSync(join(SITE, address), "utf8");

/** The pages of VitePress: the playground is a page of its own, with tests of its own. */
const pages = files.filter((file) => file.endsWith(".html") && !file.startsWith(`${BASE}playground/`));

/**
 * The file that an address leads to; null where the site has none.
 *
 * @param {string} address
 */
const fileOf = (address) => {
  const path = decodeURI(address.split(/[?#]/)[0]);
  const file = path.endsWith("/") ? `${path}index.html` : path;
  return files.includes(file) ? file : null;
};

/** The values of an attribute. @param {string} html @param {string} name */
const valuesOf = (html, name) =>
  [...html.matchAll(new RegExp(`<[a-z][^>]*? ${name}="([^"]*)"`, "g"))].map(([, value]) =>
    value.replaceAll("&amp;", "&").replaceAll("&quot;", '"'),
  );

const ids = new Map(pages.map((page) => [page, new Set(valuesOf(read(page), "id"))]));

test("every page of docs/ is on the site, and once in its sidebar", () => {
  const written = readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => name.replace(/\.md$/, ""));
  const listed = [...GROUPS.flatMap(({ pages: names }) => names), ...UNLISTED];
  assert.deepEqual(listed, [...new Set(listed)], "no page is listed twice");
  assert.deepEqual(
    written.filter((name) => !listed.includes(name)),
    [],
    "docs/.vitepress/navigation.mjs lists every page",
  );
  const recipes = existsSync(join(root, "docs/recipes"))
    ? readdirSync(join(root, "docs/recipes")).map((name) => `recipes/${name.replace(/\.md$/, "")}`)
    : [];
  const sidebar = /<nav[^>]* id="VPSidebarNav"[^]*?<\/nav>/.exec(read(`${BASE}config.html`))?.[0] ?? "";
  const linked = valuesOf(sidebar, "href");
  for (const name of [...written, ...recipes, "quick-start", "changelog", "types/index"]) {
    assert.ok(files.includes(`${BASE}${name}.html`), `${name} is on the site`);
    const address = `${BASE}${name}.html`.replace(/index\.html$/, "");
    if (name !== "index")
      assert.equal(linked.filter((target) => target === address).length, 1, `${address} in the sidebar`);
  }
});

test("every link leads to a page or file of the site, and to an anchor that is there", () => {
  const broken = [];
  let count = 0;
  for (const page of pages) {
    const html = read(page);
    for (const target of [...valuesOf(html, "href"), ...valuesOf(html, "src")]) {
      if (/^[a-z]+:/.test(target)) continue;
      // The shop is served beside the site.
      if (target === "/") continue;
      count += 1;
      const address = target.startsWith("#")
        ? page + target
        : posix.join(target.startsWith("/") ? "/" : dirname(page), target);
      const file = fileOf(address);
      const anchor = decodeURIComponent(address.split("#")[1] ?? "");
      if (!file) broken.push(`${page}: ${target}`);
      else if (anchor && ids.has(file) && !ids.get(file)?.has(anchor)) broken.push(`${page}: ${target}`);
    }
  }
  assert.ok(count > 1_000, `${count} links`);
  assert.deepEqual(broken, []);
});

/**
 * What a browser loads with a page: its style sheets, and its scripts with all that they import at once.
 *
 * @param {string} page
 */
const loadedWith = (page) => {
  const html = read(page);
  const found = new Set([page]);
  /** @param {string} file */
  const add = (file) => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith(".js")) return;
    for (const [, name] of read(file).matchAll(/(?:\bfrom|\bimport) *["'](\.[^"']+\.js)["']/g))
      add(posix.join(dirname(file), name));
  };
  for (const [, file] of html.matchAll(
    /<(?:link rel="(?:preload )?stylesheet"|link rel="modulepreload") href="([^"]+)"/g,
  ))
    add(file);
  for (const [, file] of html.matchAll(/<script[^>]* src="([^"]+)"/g)) add(file);
  return [...found];
};

/** @type {Map<string, number>} */
const sizes = new Map();
/** @param {string} file */
const sent = (file) => {
  const size = sizes.get(file) ?? gzipSync(readFileSync(join(SITE, file)), { level: 6 }).length;
  sizes.set(file, size);
  return size;
};

test(`every page weighs at most ${MOST_BYTES / 1000} KB with its styles and scripts, sent by gzip`, (context) => {
  const weights = pages.map((page) => ({ page, bytes: loadedWith(page).reduce((sum, file) => sum + sent(file), 0) }));
  weights.sort((one, other) => other.bytes - one.bytes);
  const [heaviest] = weights;
  const index = files.filter((file) => file.includes("localSearchIndex"));
  assert.equal(index.length, 1, "the index of the search is one file");
  context.diagnostic(`heaviest: ${heaviest.page}, ${heaviest.bytes} bytes; lightest: ${weights.at(-1)?.bytes}`);
  context.diagnostic(`index of the search, loaded when it is used: ${sent(index[0])} bytes`);
  assert.ok(loadedWith(`${BASE}index.html`).length > 5, "scripts are found");
  assert.deepEqual(
    weights.filter(({ bytes }) => bytes > MOST_BYTES),
    [],
  );
  assert.ok(!pages.flatMap(loadedWith).includes(index[0]), "no page loads the index by itself");
});

for (const [name, isMet] of /** @type {[string, (html: string) => boolean][]} */ ([
  ["has no inline style", (html) => !/<style|<[a-z][^>]* style=/i.test(html)],
  ["has no inline handler", (html) => !/<[a-z][^>]* on[a-z]+="/i.test(html)],
  [
    "loads nothing of another host",
    (html) => !/<(?:script|link|img|iframe|source)[^>]* (?:src|href)="(?:[a-z]+:)?\/\//i.test(html),
  ],
])) {
  test(`a page ${name}`, () => {
    assert.ok(pages.length > 35, `${pages.length} pages`);
    assert.deepEqual(
      pages.filter((page) => !isMet(read(page))),
      [],
    );
  });
}

test("every page has a policy before its scripts, which allows its own inline scripts by their hashes and nothing unsafe", () => {
  for (const page of pages) {
    const html = read(page);
    const policies = [...html.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
    assert.equal(policies.length, 1, page);
    const [{ index, 1: policy }] = policies;
    assert.ok(index < html.search(/<(?:script|link)/), `${page}: the policy stands first`);
    const inline = [...html.matchAll(/<script(?![^>]* src=)[^>]*>([^]*?)<\/script>/g)].map(([, text]) => text);
    assert.ok(inline.length > 0, page);
    const hashes = inline.map((text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`);
    assert.deepEqual(policy.split("; "), [
      "default-src 'none'",
      `script-src 'self' ${hashes.join(" ")}`,
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  }
});

test("style sheets load nothing, and code has its colours by classes", () => {
  const sheets = files.filter((file) => file.endsWith(".css") && !file.startsWith(`${BASE}playground/`));
  assert.ok(sheets.length > 0);
  for (const sheet of sheets) assert.doesNotMatch(read(sheet), /url\((?!["']?data:)|@import/, sheet);
  assert.match(read(`${BASE}script-tag.html`), /<span class="code-token-string/);
});
