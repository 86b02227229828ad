/**
 * Builds everything that is published, into `dist/`: `npm run build`, or `build()`.
 *
 * cargo and wasm-bindgen make each wasm and its glue (`cargo xtask wasm`: the engine, `cargo xtask recommend`: what
 * answers from a site model), Binaryen's `wasm-opt` makes it smaller, esbuild bundles the scripts around them. The output depends on the sources alone: no date, no path, no source map.
 *
 * `--dev` builds an engine whose panics say where they happened and why, `--crash --out dist-crash` one that
 * tests can make trap.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build as esbuild, transform } from "esbuild";
import ts from "typescript";
import { pack } from "./pack.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} command
 * @param {readonly string[]} given
 * @returns {Promise<void>}
 */
const run = (command, given) =>
  new Promise((done, failed) => {
    const child = spawn(command, given, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", (error) =>
      failed(
        "code" in error && error.code == "ENOENT"
          ? new Error(`${command} is missing: get Rust from https://rustup.rs`)
          : error,
      ),
    );
    child.on("exit", (code) => (code == 0 ? done() : failed(new Error(`${command} ${given.join(" ")} failed`))));
  });

/**
 * Passes of `wasm-opt -Oz` that are left out. They make the module smaller by a few percent more and its compressed
 * form larger: what repeats in the code of a compiler repeats less afterwards.
 */
const SKIPPED_PASSES = ["simplify-locals", "local-cse", "code-folding"];

/**
 * Only what is hardly longer than its call is put in the place of it: adapters around imports, for the most part. V8
 * compiles each function when it is first called, so that fewer of them make the first decision earlier. Larger functions
 * are left alone, which also compresses better.
 */
const INLINING = [
  "--always-inline-max-function-size=4",
  "--one-caller-inline-max-function-size=40",
  "--flexible-inline-max-function-size=0",
];

/**
 * A module in `pkg`, optimized for the features that its own section names: 2 % less to download.
 *
 * @param {string} pkg
 * @param {string} name
 */
const optimize = async (pkg, name) => {
  const skipped = SKIPPED_PASSES.map((pass) => `--skip-pass=${pass}`);
  const passes = ["-Oz", ...skipped, ...INLINING, "--strip-target-features"];
  const [from, to] = [join(pkg, `${name}_bg.wasm`), join(pkg, `${name}_optimized.wasm`)];
  await run(process.execPath, [join(root, "node_modules/binaryen/bin/wasm-opt"), ...passes, from, "--output", to]);
  return readFile(to);
};

/** Stands in the scripts until esbuild is done; as text it would be escaped byte by byte. */
const PLACE = "tailorbird wasm";

/**
 * @param {string} script
 * @param {string} literal
 */
const fill = (script, literal) => {
  const parts = script.split(JSON.stringify(PLACE));
  if (parts.length > 2) throw new Error("the wasm's place stands twice in a script");
  return parts.join(literal);
};

/**
 * The modules whose source is not a file of ours. `facts` are of the wasm that the script carries.
 *
 * @param {ReturnType<typeof pack>["facts"]} facts
 * @param {string} pkg
 * @returns {import("esbuild").Plugin}
 */
const provided = (facts, pkg) => ({
  name: "provided",
  setup: (builder) => {
    // What wasm-bindgen has written; a build with other features has its own folder.
    builder.onResolve({ filter: /\/pkg\/\w+\.js$/ }, ({ path }) => ({ path: join(pkg, basename(path)) }));
    builder.onResolve({ filter: /^tailorbird:/ }, ({ path }) => ({ path, namespace: "provided" }));
    builder.onLoad({ filter: /:imports$/, namespace: "provided" }, async () => ({
      contents: `export const names = ${await readFile(join(pkg, "tailorbird_imports.json"), "utf8")};`,
    }));
    builder.onLoad({ filter: /wasm$/, namespace: "provided" }, () => ({
      contents: Object.entries({ packed: PLACE, ...facts })
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n"),
    }));
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
    // Each a chunk of its own in the package, loaded when it is needed.
    /** @type {{ [path: string]: string }} */
    const chunks = {
      "./engine.js": "./engine.js",
      "../prompt/prompt.js": "./tailorbird-prompt.js",
      "../geo/country.js": "./tailorbird-country.js",
      "../transfer/transfer.js": "./tailorbird-transfer.js",
      "../recommend/recommend.js": "./tailorbird-recommend.js",
      "../preview/preview.js": "./tailorbird-preview.js",
      "../panel/privacy.js": "./tailorbird-privacy.js",
      "../audit/audit.js": "./tailorbird-audit.js",
      "../inspector/inspector.js": "./tailorbird-inspector.js",
    };
    builder.onResolve(
      {
        filter:
          /^\.{1,2}\/(engine|prompt\/prompt|geo\/country|transfer\/transfer|recommend\/recommend|panel\/privacy|preview\/preview|audit\/audit|inspector\/inspector)\.js$/,
      },
      ({ path, kind }) => (kind == "dynamic-import" ? { path: chunks[path], external: true } : undefined),
    );
    // Who imports the npm entry finds it beside them.
    builder.onResolve({ filter: /^(\.|\.\.\/loader)\/index\.js$/ }, () => ({ path: "./index.js", external: true }));
  },
});

/**
 * The hand-written types, published as they stand, with what each entry exports.
 *
 * @param {string} types
 */
const declarations = (types) => {
  const names = [...types.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  /** @param {string} name */
  const comment = (name) => {
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

/**
 * The adapters: what `package.json` exports that is a module of `www/adapters`.
 *
 * @param {{ exports: Record<string, unknown> }} about
 */
const adapterNames = (about) => {
  const names = Object.keys(about.exports).map((path) => path.replace("./", ""));
  return names.filter((name) => existsSync(join(root, `www/adapters/${name}.ts`)));
};

/**
 * The types of a module whose own imports of types are those of the npm entry.
 *
 * @param {string} source
 */
const declarationsOf = (source) => {
  const compilerOptions = { target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ESNext, strict: true };
  const { outputText } = ts.transpileDeclaration(source, { compilerOptions });
  return outputText.replaceAll(/"[./]*(loader\/)?types\.js"/g, `"./index.js"`);
};

/**
 * Begins the script of the tag. Chromium compiles all of its functions while the file arrives, instead of each when it
 * is first called (https://v8.dev/blog/explicit-compile-hints). Where the page has broken the platform's own objects,
 * nothing is thrown at it.
 */
const IIFE_BANNER = "\n//# allFunctionsCalledOnLoad\ntry{";

/** A module of `www/adapters` that is in each adapter, and whose types they share. */
const SHARED_TYPES = "client";

/** @param {{ out?: string, targetDir?: string, flags?: string[], log?: (line: string) => void }} [options] */
export const build = async ({ out = "dist", targetDir, flags = [], log = console.error } = {}) => {
  const started = Date.now();
  const pkg = join(root, ["pkg", ...flags].join(""));
  const target = resolve(root, out);
  const fresh = `${target}.${process.pid}.new`;
  const stale = `${target}.${process.pid}.old`;

  const isDev = flags.includes("--dev");
  /**
   * @param {string} task of `cargo xtask`
   * @param {string} name of what it makes
   * @param {string[]} [its] flags
   */
  const compile = async (task, name, its = []) => {
    log(`wasm: cargo xtask ${task}${isDev ? "" : ", wasm-opt"}`);
    const where = ["--out", pkg, ...(targetDir ? ["--target-dir", resolve(root, targetDir)] : [])];
    await run("cargo", ["xtask", task, ...its, ...where]);
    return isDev ? readFile(join(pkg, `${name}_bg.wasm`)) : optimize(pkg, name);
  };
  const wasm = await compile("wasm", "tailorbird", flags);
  const packed = { engine: pack(wasm), recommend: pack(await compile("recommend", "tailorbird_recommend")) };

  log("scripts: esbuild");
  const about = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { version, license } = about;
  /**
   * @param {string} entry
   * @param {"iife" | "esm"} format
   * @param {ReturnType<typeof pack>} [wasm] which it carries, if any
   */
  const bundle = async (entry, format, { literal, facts } = packed.engine) => {
    const { outputFiles = [] } = await esbuild({
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
      // Whoever uses an adapter has its framework or SDK; it must be the same one.
      external: Object.keys(about.peerDependencies),
      plugins: [provided(facts, pkg)],
      banner: { js: `/*! tailorbird ${version} | ${license} */${format == "iife" ? IIFE_BANNER : ""}` },
      footer: format == "iife" ? { js: '}catch(reason){console.warn("tailorbird: not started: "+reason)}' } : {},
    });
    return fill(outputFiles[0].text, literal);
  };
  /** @type {Record<string, string>} */
  const files = {
    // A script without a charset takes the page's encoding; a byte order mark outranks both.
    "tailorbird.js": "\ufeff" + (await bundle("www/loader/tag.ts", "iife")),
    "tailorbird-prompt.js": await bundle("www/prompt/prompt.ts", "esm"),
    "tailorbird-country.js": await bundle("www/geo/country.ts", "esm"),
    "tailorbird-transfer.js": await bundle("www/transfer/transfer.ts", "esm"),
    "tailorbird-privacy.js": await bundle("www/panel/privacy.ts", "esm"),
    "tailorbird-recommend.js": await bundle("www/recommend/recommend.ts", "esm", packed.recommend),
    "tailorbird-preview.js": await bundle("www/preview/preview.ts", "esm"),
    "tailorbird-audit.js": await bundle("www/audit/audit.ts", "esm"),
    "tailorbird-inspector.js": await bundle("www/inspector/inspector.ts", "esm"),
    // Inlined by the page, and small: no wrapper, because all of it stands in a block, no comment and no line end.
    "boot.js": (await bundle("www/loader/boot.ts", "esm")).replace(/^\/\*!.*\n/, "").trim(),
    "index.js": await bundle("www/loader/index.ts", "esm"),
    "engine.js": await bundle("www/loader/engine.ts", "esm"),
    "slim.js": await bundle("www/loader/slim.ts", "esm"),
    ...declarations(await readFile(join(root, "www/loader/types.ts"), "utf8")),
  };
  for (const name of adapterNames(about)) {
    const source = `www/adapters/${name}.ts`;
    files[`${name}.js`] = await bundle(source, "esm");
    files[`${name}.d.ts`] = declarationsOf(await readFile(join(root, source), "utf8"));
  }
  const shared = await readFile(join(root, `www/adapters/${SHARED_TYPES}.ts`), "utf8");
  files[`${SHARED_TYPES}.d.ts`] = declarationsOf(shared);

  try {
    await mkdir(fresh, { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(join(fresh, name), text);
    await writeFile(join(fresh, "tailorbird_bg.wasm"), wasm);
    await copyFile(join(root, "www/loader/tailorbird.schema.json"), join(fresh, "tailorbird.schema.json"));
    // Whoever serves `dist` meanwhile sees the old build or the new one, never half of one.
    await rename(target, stale).catch((error) => {
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
  const { values } = parseArgs({
    options: { out: { type: "string" }, dev: { type: "boolean" }, crash: { type: "boolean" } },
  });
  const flags = [...(values.dev ? ["--dev"] : []), ...(values.crash ? ["--crash"] : [])];
  build({ ...(values.out && { out: values.out }), flags }).catch((error) => {
    console.error(`build: ${error.message}`);
    process.exitCode = 1;
  });
}
