/**
 * Builds everything that is published, into `dist/`: `npm run build`, or `build()`.
 *
 * cargo makes the wasm (`cargo xtask wasm`), esbuild the scripts around it. The output depends on the sources alone: no date, no path, no source map.
 */

import { spawn } from "node:child_process";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild, transform } from "esbuild";
import ts from "typescript";
import { pack } from "./pack.mjs";
import { split } from "./split.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const run = (command, given) =>
  new Promise((done, failed) => {
    const child = spawn(command, given, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", error =>
      failed(error.code == "ENOENT" ? new Error(`${command} is missing: get Rust from https://rustup.rs`) : error),
    );
    child.on("exit", code => (code == 0 ? done() : failed(new Error(`${command} ${given.join(" ")} failed`))));
  });

/** Stands in the scripts until esbuild is done; as text it would be escaped byte by byte. */
const PLACE = "tailorbird wasm";

const fill = (script, literal) => {
  const parts = script.split(JSON.stringify(PLACE));
  if (parts.length > 2) throw new Error("the wasm's place stands twice in a script");
  return parts.join(literal);
};

/** The modules whose source is not a file of ours. */
const provided = facts => ({
  name: "provided",
  setup: builder => {
    builder.onResolve({ filter: /^tailorbird:/ }, ({ path }) => ({ path, namespace: "provided" }));
    builder.onLoad({ filter: /wasm$/, namespace: "provided" }, () => ({
      contents: Object.entries({ packed: PLACE, ...facts })
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n"),
    }));
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
    // Each a file of its own in the package, reached when it is needed.
    const files = {
      "./engine.js": "./engine.js",
      "../browser/prompt.js": "./tailorbird-prompt.js",
      "../browser/country.js": "./tailorbird-country.js",
      "../browser/transfer.js": "./tailorbird-transfer.js",
      "../browser/check.js": "./tailorbird-check.js",
    };
    builder.onResolve({ filter: /^\.{1,2}\/(engine|browser\/(prompt|country|transfer|check))\.js$/ }, ({ path, kind }) =>
      kind == "dynamic-import" ? { path: files[path], external: true } : undefined,
    );
    // Who imports the npm entry finds it beside them.
    builder.onResolve({ filter: /^\.\/index\.js$/ }, ({ path }) => ({ path, external: true }));
  },
});

/** What the page will join must be the wasm, to the byte. */
const checkJoin = async (bytes, parts, wasm) => {
  const { code } = await transform(await readFile(join(root, "www/loader/join.ts"), "utf8"), { loader: "ts" });
  const script = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  if (!wasm.equals(script.join(bytes, parts))) throw new Error("what was split does not join to the same wasm");
};

/** The hand-written types, published as they stand, with what each entry exports. */
const declarations = types => {
  const names = [...types.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  const comment = name => {
    const before = types.slice(0, types.indexOf(`export type ${name} `));
    return before.slice(before.lastIndexOf("/**"));
  };
  return {
    "index.d.ts": `${types}\n${comment("Start")}export declare const start: Start;\n`,
    "slim.d.ts": [
      `import type { StartSlim } from "./index.js";`,
      `export type { ${names.join(", ")} } from "./index.js";`,
      `\n${comment("StartSlim")}export declare const start: StartSlim;\n`,
    ].join("\n"),
  };
};

/** The types of a module whose own imports of types are those of the npm entry. */
const declarationsOf = source => {
  const compilerOptions = { target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ESNext, strict: true };
  const { outputText } = ts.transpileDeclaration(source, { compilerOptions });
  return outputText.replaceAll(`"./types.js"`, `"./index.js"`);
};

export const build = async ({ out = "dist", targetDir, log = console.error } = {}) => {
  const started = Date.now();
  const pkg = join(root, "pkg");
  const target = resolve(root, out);
  const fresh = `${target}.${process.pid}.new`;
  const stale = `${target}.${process.pid}.old`;

  log("wasm: cargo xtask wasm");
  await run("cargo", ["xtask", "wasm", ...(targetDir ? ["--target-dir", resolve(root, targetDir)] : [])]);

  log("scripts: esbuild");
  const packed = async name => {
    const wasm = await readFile(join(pkg, name));
    const { bytes, facts: parts } = split(wasm);
    const { literal, facts } = pack(bytes);
    await checkJoin(bytes, parts, wasm);
    return { wasm, literal, facts: { ...facts, split: parts } };
  };
  const engine = await packed("tailorbird_bg.wasm");
  const rare = await packed("rare_bg.wasm");
  const { version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const bundle = async (entry, format, { facts, literal } = engine) => {
    const { outputFiles } = await esbuild({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      write: false,
      minify: true,
      format,
      target: "es2020",
      charset: "utf8",
      legalComments: "none",
      logLevel: "warning",
      plugins: [provided(facts)],
      banner: { js: `/*! tailorbird ${version} | ${license} */` },
    });
    return fill(outputFiles[0].text, literal);
  };
  const files = {
    // A script without a charset takes the page's encoding; a byte order mark outranks both.
    "tailorbird.js": "\ufeff" + (await bundle("www/loader/tag.ts", "iife")),
    "tailorbird-prompt.js": await bundle("www/browser/prompt.ts", "esm"),
    "tailorbird-check.js": await bundle("www/browser/check.ts", "esm", rare),
    "tailorbird-country.js": await bundle("www/browser/country.ts", "esm"),
    "tailorbird-transfer.js": await bundle("www/browser/transfer.ts", "esm"),
    "index.js": await bundle("www/loader/index.ts", "esm"),
    "engine.js": await bundle("www/loader/engine.ts", "esm"),
    "slim.js": await bundle("www/loader/slim.ts", "esm"),
    "openfeature.js": await bundle("www/loader/openfeature.ts", "esm"),
    "openfeature.d.ts": declarationsOf(await readFile(join(root, "www/loader/openfeature.ts"), "utf8")),
    ...declarations(await readFile(join(root, "www/loader/types.ts"), "utf8")),
  };

  try {
    await mkdir(fresh, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(fresh, name), text);
    await writeFile(join(fresh, "tailorbird_bg.wasm"), engine.wasm);
    await copyFile(join(root, "www/loader/tailorbird.schema.json"), join(fresh, "tailorbird.schema.json"));
    // Whoever serves `dist` meanwhile sees the old build or the new one, never half of one.
    await rename(target, stale).catch(error => {
      if (error.code != "ENOENT") throw error;
    });
    await rename(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(stale, { recursive: true, force: true });
  }
  log(`built ${out} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
};

if (process.argv[1] == fileURLToPath(import.meta.url)) {
  build().catch(error => {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  });
}
