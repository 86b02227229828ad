/** The pages themselves: links lead somewhere, lengths are kept, and what is generated is current. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { PAGES, read, root, snippetsOf } from "./snippets.mjs";

/**
 * The anchor that GitHub gives a heading.
 *
 * @param {string} heading
 */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/**
 * A page without its snippets, in which brackets are no links.
 *
 * @param {string} path
 */
const proseOf = (path) => read(path).replace(/^ *```[^]*?^ *```$/gm, "");

/** @param {string} path */
const anchors = (path) => [...proseOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading));

for (const path of PAGES) {
  test(`every link of ${path} leads to a file and a heading that exist`, () => {
    const broken = [];
    for (const [, target] of proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const whole = file === "" ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, whole))) broken.push(target);
      else if (anchor && !anchors(whole).includes(anchor)) broken.push(target);
    }
    assert.deepEqual(broken, []);
  });
}

test("the comparison with peers states the size of the script as it is measured", () => {
  const [, stated] = /`tailorbird\.js` has \*\*(\d+) KB\*\*/.exec(read("docs/comparison.md")) ?? [];
  const [, , brotli] =
    /\| `tailorbird\.js` \| [\d,]+ \| ([\d,]+) \| ([\d,]+) \|/.exec(read("docs/sizes-and-speed.md")) ?? [];
  const measured = Number(brotli.replaceAll(",", "")) / 1000;
  assert.ok(Math.abs(Number(stated) - measured) <= 0.02 * measured, `stated ${stated}, measured ${measured}`);
});

test("every reason that troubleshooting quotes is one that the engine gives", () => {
  const sources = ["src/decision/explain.rs", "src/decision/eligibility.rs"].map(read).join("\n");
  const rows = [...read("docs/troubleshooting.md").matchAll(/^\| `explain`: (.+?) \|/gm)].map(([, cell]) => cell);
  const quoted = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text));
  assert.ok(quoted.length > 6, `${quoted.length} reasons`);
  // What stands for a value in the source is a number, an id or a date in the page.
  const reasons = [...sources.matchAll(/"([a-z{][^"]*)"/g)]
    .map(([, text]) => text)
    .filter((text) => text.replace(/\{[^}]*\}/g, "").length > 8);
  const patterns = reasons.map(
    (text) => new RegExp(`^${text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]*\}/g, ".+")}`),
  );
  assert.deepEqual(
    quoted.filter((text) => {
      const reason = text.replace(/^variant \w+: /, "");
      return !patterns.some((pattern) => pattern.test(reason) || pattern.source.startsWith(`^${reason}`));
    }),
    [],
  );
});

test("every page of docs/ can be reached from the README", () => {
  const linked = ["README.md", "docs/recipes.md"].flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([a-z/-]+\.md)/g)].map(([, file]) => normalize(join(dirname(page), file))),
  );
  const pages = PAGES.filter((path) => path.startsWith("docs/"));
  assert.deepEqual(
    pages.filter((path) => !linked.includes(path)),
    [],
  );
});

for (const { path, most } of [
  { path: "README.md", most: 200 },
  { path: "ARCHITECTURE.md", most: 250 },
]) {
  test(`${path} has at most ${most} lines`, () => {
    assert.ok(read(path).trimEnd().split("\n").length <= most);
  });
}

test("the pages that are made from something else are current", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/docs.mjs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});

test("every snippet is in a language that is checked, or is said to be none", () => {
  // The maps of logs, which are TOML, are read by a test of the companion.
  const known = ["toml", "html", "js", "ts", "tsx", "json", "sh", "css", "rust", "vue", "svelte", "text"];
  const strange = PAGES.flatMap(snippetsOf).filter(({ language }) => !known.includes(language));
  assert.deepEqual(strange, []);
});
