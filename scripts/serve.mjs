// The demo shop beside the built engine, read from disk anew for each request.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import sirv from "sirv";
import { ROOT } from "./setup.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { AddressInfo } from "node:net" */

const SHOP = path.join(ROOT, "www/shop");
const FOLDERS = [path.join(ROOT, "dist"), SHOP];

/** The shop's pages know nothing of the corner button "Why?": it is served as a part of the shop's own script. */
const WITH_WHY = "/shop.js";

/**
 * @param {number} port 0 takes any free one
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with a slash
 * @throws {Error} with the system's code (`EADDRINUSE`) when it cannot listen
 */
export const serveShop = async (port) => {
  const folders = FOLDERS.map((folder) => sirv(folder, { dev: true, etag: true }));

  /**
   * @param {ServerResponse} response
   * @param {number} status
   * @param {string} type
   * @param {string[]} names files of the shop, one after the other
   */
  const send = async (response, status, type, names) => {
    const texts = await Promise.all(names.map((name) => readFile(path.join(SHOP, name), "utf8")));
    response.writeHead(status, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" });
    response.end(texts.join("\n"));
  };

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   */
  const answer = async (request, response) => {
    const [pathname] = String(request.url).split("?");
    if (pathname === WITH_WHY) return send(response, 200, "text/javascript", ["shop.js", "why.js"]);
    for (const folder of folders) {
      // It calls back where it has no such file, and before it returns.
      let found = true;
      folder(request, response, () => {
        found = false;
      });
      if (found) return;
    }
    await send(response, 404, "text/html", ["404.html"]);
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
