/**
 * A consumer's project with the packed package installed in it, and the same three lines built by
 * each bundler. The browser tests serve what comes out of here, the package tests run it in Node.
 */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * `npm` with an environment of its own: run from an npm script, it would inherit that script's settings.
 *
 * @param {readonly string[]} given
 * @param {string} cwd
 */
export const npm = async (given, cwd) => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command)/.test(name)),
  );
  const { stdout } = await promisify(execFile)("npm", given, { cwd, env, maxBuffer: 1 << 26 });
  return stdout;
};

/**
 * What a consumer writes. `report` gets what came of it: in a browser it is `window.report`, which
 * the page must have set before; in Node it prints.
 */
const MAIN = `import { start } from "tailorbird";

const report = globalThis.report ?? (answer => console.log(JSON.stringify(answer)));
const boots = { id: "boots", weight: 1, content: { text: { h1: "Boots" } } };
const tailorbird = await start({ config: { version: 1, slots: [{ id: "hero", choose: [{ by: "popular" }], variants: [boots] }] } });
tailorbird.track("view_item", { items: [{ item_id: "b-7", item_category: "boots" }] });
report({
  available: tailorbird.available,
  variant: tailorbird.decide("hero")?.variant,
  events: Object.keys(tailorbird.profile().attributes.visitor.events).length,
});
`;

let project;

/** The consumer's project, made once a process and removed at its end: `{folder, remove}`. */
export const consumer = () =>
  (project ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), "tailorbird-consumer-"));
    const [{ filename }] = JSON.parse(
      await npm(["pack", "--ignore-scripts", "--json", "--pack-destination", folder], root),
    );
    const about = { name: "consumer", private: true, type: "module" };
    await writeFile(join(folder, "package.json"), JSON.stringify(about));
    await writeFile(join(folder, "main.js"), MAIN);
    await writeFile(join(folder, "index.html"), `<!doctype html><script type="module" src="/main.js"></script>`);
    // Offline: a package without dependencies needs no registry.
    await npm(["install", "--offline", "--no-audit", "--no-fund", join(folder, filename)], folder);
    return {
      folder,
      remove: () => {
        project = undefined;
        return rm(folder, { recursive: true, force: true });
      },
    };
  })());

/**
 * Rollup resolves no packages by itself; this is what its plugin for that does, for ours.
 *
 * @param {string} folder
 */
const packages = (folder) => ({
  name: "packages",
  resolveId: (/** @type {string} */ name) =>
    /^[a-z]/.test(name) ? createRequire(join(folder, "main.js")).resolve(name) : null,
});

/** Each writes into `out`, for a browser or for Node, and answers with the path of the entry in there. */
/** @typedef {"browser" | "node"} Platform */

/** @type {{ [tool: string]: (folder: string, out: string, platform: Platform) => Promise<string> }} */
const BUNDLERS = {
  esbuild: async (folder, out, platform) => {
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: folder,
      entryPoints: ["main.js"],
      bundle: true,
      splitting: true,
      minify: true,
      format: "esm",
      target: "es2022",
      platform,
      outdir: out,
      logLevel: "error",
    });
    return "main.js";
  },
  rollup: async (folder, out) => {
    const { rollup } = await import("rollup");
    const bundle = await rollup({ input: join(folder, "main.js"), plugins: [packages(folder)] });
    await bundle.write({ dir: out, format: "es" });
    await bundle.close();
    return "main.js";
  },
  webpack: async (folder, out, platform) => {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({
      mode: "production",
      context: folder,
      entry: "./main.js",
      target: platform == "node" ? "node" : "web",
      output: { path: out, filename: "main.cjs" },
      performance: false,
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    if (!stats || stats.hasErrors() || stats.hasWarnings()) throw new Error(String(stats));
    return "main.cjs";
  },
  vite: async (folder, out, platform) => {
    const { build } = await import("vite");
    await build({
      root: folder,
      configFile: false,
      logLevel: "error",
      ...(platform == "node" && { ssr: { noExternal: true } }),
      build: {
        outDir: out,
        emptyOutDir: true,
        target: "es2022",
        ...(platform == "node" ? { ssr: "main.js" } : { rollupOptions: { output: { entryFileNames: "main.js" } } }),
      },
    });
    return "main.js";
  },
};

export const TOOLS = Object.keys(BUNDLERS);

/**
 * The consumer's code built by one of `TOOLS`, for `"browser"` or `"node"`: `{folder, entry}`. In a
 * browser the entry of webpack is a plain script, that of the others a module.
 *
 * @param {string} tool
 * @param {Platform} [platform]
 */
export const bundle = async (tool, platform = "browser") => {
  const { folder } = await consumer();
  const out = join(folder, "built", `${tool}-${platform}`);
  await mkdir(out, { recursive: true });
  const entry = await BUNDLERS[tool](folder, out, platform);
  await writeFile(join(out, "package.json"), JSON.stringify({ type: "module" }));
  return { folder: out, entry: join(out, entry) };
};

/** Vite's development server on the consumer's project: `{origin, close}`. */
export const develop = async () => {
  const { folder } = await consumer();
  const { createServer } = await import("vite");
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false },
  });
  await server.listen();
  const listening = /** @type {import("node:http").Server} */ (server.httpServer);
  const { port } = /** @type {import("node:net").AddressInfo} */ (listening.address());
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
};
