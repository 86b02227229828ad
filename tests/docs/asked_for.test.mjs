/** Every row of `docs/asked-for.md` names a test that exists. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { read, root } from "./snippets.mjs";

/** @param {string} folder @returns {string[]} */
const testFiles = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith(".mjs") ? [join(folder, entry.name)] : [];
  });

const files = testFiles("tests");
const rows = read("docs/asked-for.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.includes(".mjs`: "))
  .map((line) => line.split("|").map((cell) => cell.trim()));

test("the table has a row for each thing that is asked for", () => assert.ok(rows.length >= 25));

for (const [, asked, answer, shown] of rows) {
  test(`"${asked}" has an answer and a test`, () => {
    assert.ok(answer);
    const [, name, title] = /^`([\w./]+)`: (.+)$/.exec(shown) ?? [];
    assert.ok(name && title, shown);
    const file = files.find((path) => path.endsWith(`/${name}`));
    assert.ok(file, `${name} is there`);
    assert.ok(readFileSync(join(root, file), "utf8").includes(title), `${name} has "${title}"`);
  });
}
