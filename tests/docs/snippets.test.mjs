/** The snippets that need no browser: JSON by the validator, TypeScript by the compiler, shell by its programs. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compile } from "svelte/compiler";
import ts from "typescript";
import { compileScript, parse } from "vue/compiler-sfc";
import { runTool } from "../tool.mjs";
import { placeOf, root, snippetsIn } from "./snippets.mjs";

const folder = mkdtempSync(join(tmpdir(), "tailorbird-docs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A config with `value` at a place such as `site` or `prompts[]`.
 *
 * @param {string} place
 * @param {unknown} value
 */
const configWith = (place, value) => {
  const [, key, isList] = /** @type {RegExpExecArray} */ (/^(\w+)(\[\])?$/.exec(place));
  // What may come next is said by a model.
  const needed = key == "speculation" ? { model: "/site.tbm" } : {};
  return { version: 1, ...needed, [key]: isList ? [value] : value };
};

for (const snippet of snippetsIn("json").filter(({ place }) => place !== "decision")) {
  test(`${placeOf(snippet)}: the config has no problem`, () => {
    const written = JSON.parse(snippet.text);
    assert.ok(snippet.place || "version" in written, "a part of a config says where it belongs, as in `json site`");
    const file = join(folder, "site.json");
    writeFileSync(file, JSON.stringify(snippet.place ? configWith(snippet.place, written) : written));
    const { valid, problems, warnings } = JSON.parse(runTool(["validate", file, "--json"]));
    assert.deepEqual({ valid, problems, warnings }, { valid: true, problems: [], warnings: [] });
  });
}

/**
 * What `tsc` says about a module, which finds the package as a consumer does.
 *
 * @param {string} name
 * @param {string} text
 */
const complaints = (name, text) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  };
  const program = ts.createProgram([file], options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
};

writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
mkdirSync(join(folder, "node_modules"));
for (const name of ["react", "vue", "svelte", "@types", "@openfeature"]) {
  symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
}
symlinkSync(root, join(folder, "node_modules/tailorbird"));

for (const snippet of snippetsIn("ts", "tsx")) {
  test(`${placeOf(snippet)}: the compiler accepts it`, () => {
    const name = `snippet.${snippet.language}`;
    assert.deepEqual(complaints(name, snippet.text), []);
    // Of what is only a declaration nothing can be misspelt.
    const wrong = snippet.text
      .replace(/(start|TailorbirdProvider|createTailorbird)\(\{/, "$1({ misspelt: 1,")
      .replace(/options=\{\{/, "options={{ misspelt: 1,");
    if (wrong !== snippet.text) assert.notDeepEqual(complaints(name, wrong), [], "the compiler knows the package");
  });
}

for (const snippet of snippetsIn("vue", "svelte")) {
  test(`${placeOf(snippet)}: the framework's compiler accepts it, and what it imports is there`, () => {
    if (snippet.language === "svelte") {
      assert.deepEqual(compile(snippet.text, {}).warnings, []);
    } else {
      const { descriptor, errors } = parse(snippet.text);
      assert.deepEqual(errors, []);
      compileScript(descriptor, { id: "snippet", inlineTemplate: true });
    }
    const imports = snippet.text.match(/^ *import .* from "tailorbird.*$/gm) ?? [];
    assert.ok(imports.length > 0);
    assert.deepEqual(complaints("imports.ts", imports.join("\n")), []);
  });
}

for (const snippet of snippetsIn("json").filter(({ place }) => place === "decision")) {
  test(`${placeOf(snippet)}: it is a decision`, () => {
    const text = `import type { Decision } from "tailorbird";\nexport const decision: Decision = ${snippet.text};\n`;
    assert.deepEqual(complaints("decision.ts", text), []);
  });
}

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Whether a command of the tool exists with all the options that are given to it.
 *
 * @param {readonly string[]} words
 */
const checkTool = (words) => {
  const commands = [];
  for (const word of words) {
    if (!/^[a-z-]+$/.test(word) || word.startsWith("-")) break;
    commands.push(word);
  }
  const help = runTool([...commands, "--help"]);
  for (const word of words) {
    const [option] = /^--?[a-z][a-z-]*/.exec(word) ?? [];
    if (option)
      assert.match(help, new RegExp(`(^|\\s)${option}\\b`, "m"), `${commands.join(" ")} has the option ${option}`);
  }
};

/** How each program of the pages is checked, given its words. */
/** @type {{ [program: string]: (words: string[]) => void }} */
const PROGRAMS = {
  tailorbird: checkTool,
  npm: ([command, script]) => {
    if (command === "run") assert.ok(script in scripts, `npm run ${script}`);
    else assert.ok(["ci", "install", "pack", "start", "test"].includes(command), `npm ${command}`);
    if (command in { start: 1, test: 1 }) assert.ok(command in scripts);
  },
  npx: ([program]) => assert.ok(existsSync(join(root, "node_modules/.bin", program)), program),
  node: ([script]) => assert.ok(existsSync(join(root, script)), script),
  cargo: ([command, ...words]) => {
    const at = words.indexOf("--");
    if (command === "run") return checkTool(words.slice(at + 1));
    if (command === "install")
      return assert.ok(existsSync(join(root, words[words.indexOf("--path") + 1], "Cargo.toml")));
    assert.equal(command, "test");
    const [, name] = words;
    assert.ok(words[0] === "--test" && existsSync(join(root, "tests", `${name}.rs`)), name);
  },
  mkdir: () => {},
  cp: ([pattern]) => assert.ok(existsSync(join(root, pattern.replace("*", ""))), pattern),
  diff: () => {},
  // Google's own, which export and copy a log.
  bq: () => {},
  gsutil: () => {},
};

for (const snippet of snippetsIn("sh")) {
  test(`${placeOf(snippet)}: each program and option exists`, () => {
    const text = snippet.text.replaceAll(/source <\((.*?)\)/g, "$1").replaceAll("\\\n", " ");
    const commands = text.split(/\n|&&|\|/).map((line) => line.replace(/#.*$/, "").trim());
    for (const command of commands.filter(Boolean)) {
      const words = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word));
      const [program, ...rest] = words;
      assert.ok(program in PROGRAMS, `${program} is a program that this test knows`);
      PROGRAMS[program](rest);
    }
  });
}
