// An app that Vite builds twice, for the server and for the browser, behind a small server of its own.
import { readFile, rm } from "node:fs/promises";
import http from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import sirv from "sirv";
import { build } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * What `server.*` of an app exports: the app at an address, as its framework renders it.
 *
 * @callback Render
 * @param {string} url
 * @returns {Promise<Iterable<string> | AsyncIterable<string>>}
 */

/**
 * Builds the app of a folder and serves it. With a framework's development build, which also says what is only
 * suspicious, such as markup that does not match.
 *
 * @param {string} name
 * @param {{ plugins: import("vite").PluginOption[], server: string }} app
 */
export const serveVite = async (name, { plugins, server }) => {
  // By this Vite chooses the builds of packages; its option `mode` does not.
  Object.assign(process.env, { NODE_ENV: "development" });
  const folder = join(root, "tests/apps", name);
  const out = join(root, "test-results/apps", name);
  await rm(out, { recursive: true, force: true });
  /** @type {import("vite").InlineConfig} */
  const shared = {
    root: folder,
    configFile: false,
    logLevel: "error",
    mode: "development",
    plugins,
    define: { "process.env.NODE_ENV": '"development"' },
  };
  await build({ ...shared, build: { outDir: join(out, "browser"), emptyOutDir: true, target: "es2022" } });
  await build({
    ...shared,
    ssr: { external: ["react", "react-dom"], noExternal: ["tailorbird"] },
    build: { outDir: join(out, "server"), emptyOutDir: true, ssr: server, target: "es2022" },
  });
  const entry = join(out, "server", server.replace(/\.\w+$/, ".js"));
  const { render } = /** @type {{ render: Render }} */ (await import(pathToFileURL(entry).href));
  const [before = "", after = ""] = (await readFile(join(out, "browser/index.html"), "utf8")).split("<!--app-->");
  const files = sirv(join(out, "browser"), { etag: true });
  const listening = http.createServer((request, response) => {
    const page = async () => {
      if (/\.\w+$/.test(request.url ?? "")) return void response.writeHead(404).end();
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.write(before);
      for await (const part of await render(request.url ?? "/")) response.write(part);
      response.end(after);
    };
    if (/^\/(\?|$)/.test(request.url ?? "/")) void page();
    else files(request, response, () => void page());
  });
  await new Promise((done) => listening.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (listening.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      listening.closeAllConnections();
      listening.close();
    },
  };
};
