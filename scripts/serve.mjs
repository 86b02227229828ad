// The demo shop beside the built engine, and the documentation below `/docs/`; read from disk anew for each request.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import sirv from "sirv";
import { ROOT } from "./setup.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { AddressInfo } from "node:net" */

const SHOP = path.join(ROOT, "www/shop");
const DOCS = path.join(ROOT, "dist-docs/site");
const FOLDERS = [path.join(ROOT, "dist"), SHOP, DOCS];

/**
 * @param {number} port 0 takes any free one
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with a slash
 * @throws {Error} with the system's code (`EADDRINUSE`) when it cannot listen
 */
export const serveShop = async (port) => {
  /** @type {import("sirv").Options["setHeaders"]} */
  const setHeaders = (response, pathname) => {
    // No list of types knows site models.
    if (pathname.endsWith(".tbm")) response.setHeader("content-type", "application/octet-stream");
  };
  const folders = FOLDERS.map((folder) => sirv(folder, { dev: true, etag: true, setHeaders }));

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  const answer = async (request, response) => {
    const { pathname } = new URL(String(request.url), "http://localhost");
    // Its pages link to each other from there.
    if (pathname === "/docs") {
      response.writeHead(301, { location: "/docs/" }).end();
      return;
    }
    for (const folder of folders) {
      // It calls back where it has no such file, and before it returns.
      let found = true;
      folder(request, response, () => {
        found = false;
      });
      if (found) return;
    }
    response.writeHead(404, { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
    const folder = pathname.startsWith("/docs/") ? path.join(DOCS, "docs") : SHOP;
    response.end(await readFile(path.join(folder, "404.html")));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(`${error}\n`);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
};
