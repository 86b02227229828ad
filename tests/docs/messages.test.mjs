/** `docs/messages.json` against the sources: no message is missing in it, and none is there that nobody says. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { isKnownMessage, MESSAGES } from "../../scripts/docs/messages.mjs";
import { root } from "./snippets.mjs";

/**
 * @param {string} folder
 * @param {string} ending
 * @returns {string[]}
 */
const filesIn = (folder, ending) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return filesIn(path, ending);
    return name.endsWith(ending) ? [path] : [];
  });

const typescript = ["loader", "page", "panel", "prompt", "transfer", "recommend", "geo", "adapters"].flatMap((name) =>
  filesIn(`www/${name}`, ".ts"),
);
const rust = filesIn("src", ".rs");
/** @param {string} path */
const read = (path) => readFileSync(join(root, path), "utf8");

/**
 * A text in which every substitution of a template is `X`; null where the expression is no text.
 *
 * @param {ts.Node} node
 */
const textOf = (node) => {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }) => `X${literal.text}`).join("");
};

/**
 * The texts that a script gives to functions that print or report them, with where.
 *
 * @param {string} path
 */
const toldByScript = (path) => {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext, true);
  /** @type {string[]} */
  const told = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && /^(warnOnce|ConfigError|Refusal|unavailable)$/.test(node.expression.getText(source))) {
      const text = node.arguments?.[0] && textOf(node.arguments[0]);
      if (text) told.push(text);
    }
    node.forEachChild(visit);
  };
  visit(source);
  return told.map((text) => ({ path, text }));
};

/** The literal behind each of these calls in Rust, with `X` for every substitution. */
const CALLS = /(?:\.warn\(|Effect::Warn\(|warnings\s*\.push\(|\bwarn\()\s*&?(?:format!\(\s*)?"((?:[^"\\]|\\[^])*)"/g;

/** @param {string} path */
const toldByRust = (path) =>
  [...read(path).matchAll(CALLS)].map(([, literal]) => {
    const text = literal.replace(/\\\n\s*/g, "").replaceAll('\\"', '"');
    return { path, text: text.replaceAll(/\{[^}]*\}/g, "X") };
  });

test("every message of the scripts is in the catalogue", () => {
  const told = typescript.flatMap(toldByScript);
  assert.ok(told.length >= 30, `${told.length} messages were found`);
  assert.deepEqual(
    told.filter(({ text }) => !isKnownMessage(text)),
    [],
  );
});

test("every warning of the engine is in the catalogue", () => {
  const told = rust.flatMap(toldByRust);
  assert.ok(told.length > 8, `${told.length} messages were found`);
  assert.deepEqual(
    told.filter(({ text }) => !isKnownMessage(text)),
    [],
  );
});

const tool = [...filesIn("cli/src", ".rs"), ...filesIn("companion/src", ".rs")];

/** The literals in the tool that refuse something: a text for a developer says what was expected, or what cannot be done. */
const REFUSALS =
  /"((?:[^"\\]|\\[^])*(?:, expected | cannot be |would overwrite|is not UTF-8|holds no|rows? (?:is|are) bad)(?:[^"\\]|\\[^])*)"/g;

/**
 * The sources of the tool without their tests.
 *
 * @param {string} path
 */
const toldByTool = (path) => {
  const [source] = read(path).split("#[cfg(test)]");
  const lines = source.replace(/^\s*\/\/.*$/gm, "").replace(/\\\n\s*/g, "");
  return [...lines.matchAll(REFUSALS)].map(([, literal]) => ({
    path,
    text: literal.replaceAll('\\"', '"').replaceAll(/\{[^}]*\}/g, "X"),
  }));
};

/** @param {string} text */
const isSql = (text) => /^(SELECT|CASE) /.test(text);

test("every refusal of the command line tool is in the catalogue", () => {
  const told = tool.flatMap(toldByTool);
  assert.ok(told.length > 25, `${told.length} messages were found`);
  assert.deepEqual(
    told.filter(({ text }) => !isKnownMessage(text) && !isSql(text)),
    [],
  );
});

test("every problem that the config fixtures have is in the catalogue", () => {
  const problems = filesIn("tests/config/bad", ".json").flatMap(
    (path) => /** @type {(string | { text: string })[]} */ (JSON.parse(read(path)).problems),
  );
  assert.ok(problems.length > 100);
  assert.deepEqual(
    problems.filter((problem) => !isKnownMessage(typeof problem === "string" ? problem : problem.text)),
    [],
  );
});

test("no message is in the catalogue that nothing in the sources says", () => {
  // Line breaks within a literal of Rust are none of its text.
  const sources = [...typescript, ...rust, ...tool, "scripts/build.mjs"].map((path) =>
    read(path)
      .replace(/\\\n\s*/g, "")
      .replaceAll('\\"', '"'),
  );
  const stale = MESSAGES.filter((message) => {
    const parts = message.split(/\{[a-z]+\??\}|\d+| is |, expected/).map((part) => part.trim());
    const longest = parts.sort((one, other) => other.length - one.length)[0];
    return !sources.some((source) => source.includes(longest));
  });
  assert.deepEqual(stale, []);
});
