// The one way from a test's browser to anything: a loopback proxy that writes down every request,
// passes on what is meant for our own site and refuses every other host. What is not in its log
// did not leave the browser.
import { once } from "node:events";
import http from "node:http";

/** @import { AddressInfo } from "node:net" */

/** What a browser asks its own vendor for, whatever page is open. Refused like all the rest. */
const VENDORS =
  /(^|\.)(google\.com|googleapis\.com|gstatic\.com|googleusercontent\.com|gvt1\.com|mozilla\.(com|net|org)|firefox\.com)$/;

/** Says to the site that a request came through the proxy; one without it went round. */
export const THROUGH_PROXY = "x-through-proxy";

/**
 * Pages of tests live on names below `localhost`: secure contexts in all three browsers, each with
 * a storage area of its own. The same names below `test` are the same sites, not secure.
 *
 * @param {string} host
 */
const isOurs = (host) => /(^|\.)(localhost|test)$/.test(host);

/**
 * @param {number} sitePort where our own site listens
 * @returns {Promise<{port: number, refused: {host: string, what: string, vendor: boolean}[], close(): Promise<void>}>}
 */
export const openProxy = async (sitePort) => {
  /** @type {{host: string, what: string, vendor: boolean}[]} */
  const refused = [];
  /**
   * @param {string} host
   * @param {string} what
   */
  const refuse = (host, what) => refused.push({ host, what, vendor: VENDORS.test(host) });

  const server = http.createServer((request, response) => {
    let url;
    try {
      url = new URL(String(request.url));
    } catch {
      // A request in origin form was sent to the proxy as if it were a site.
      refuse(String(request.headers.host), `${request.method} ${request.url}`);
      response.writeHead(403).end();
      return;
    }
    if (url.protocol !== "http:" || !isOurs(url.hostname) || Number(url.port) !== sitePort) {
      refuse(url.hostname, `${request.method} ${url.href}`);
      response.writeHead(403).end();
      return;
    }
    const onward = http.request(
      {
        host: "127.0.0.1",
        port: sitePort,
        method: request.method,
        path: url.pathname + url.search,
        headers: { ...request.headers, host: url.host, [THROUGH_PROXY]: "yes" },
      },
      (answer) => {
        response.writeHead(Number(answer.statusCode), answer.headers);
        answer.pipe(response);
        // A file cut short ends in a broken connection, and must do so here as well.
        answer.on("aborted", () => response.destroy());
      },
    );
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    refuse(String(request.url).replace(/:\d+$/, ""), `CONNECT ${request.url}`);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.on("upgrade", (request, socket) => {
    refuse(String(request.url), `UPGRADE ${request.url}`);
    socket.destroy();
  });
  server.on("clientError", (_, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: /** @type {AddressInfo} */ (server.address()).port,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
