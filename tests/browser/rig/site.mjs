// The site of a test: pages with the tag in them, the built engine, and whatever has to go wrong.
// Each test has a host name of its own, so requests, storage and locks of two tests never meet.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { existsSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { THROUGH_PROXY } from "./proxy.mjs";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { AddressInfo } from "node:net" */
/** @import { Answer, PageSpec, SiteRequest, SiteSpec, Step, TagAttributes } from "./types.js" */

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(HERE, "../../..");
export const DIST = path.join(ROOT, "dist");

/** @type {{ [extension: string]: string }} */
const TYPES = {
  // No charset on purpose: our own files must not depend on one.
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
};

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** @param {TagAttributes} tag */
const attributesOf = (tag) =>
  Object.entries(tag)
    .filter(([, value]) => value !== false && value !== undefined)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`))
    .join("");

/**
 * The tag as a site owner writes it; `inline` puts the config into the page.
 *
 * @param {Pick<PageSpec, "config" | "inline"> & { tag?: TagAttributes | boolean }} page
 */
export const tagHtml = ({ config, inline, tag = {} } = {}) => {
  const json = typeof config === "string" ? config : JSON.stringify(config);
  const data =
    inline && config !== undefined
      ? `<script type="application/json" id="tailorbird-config">${json.replace(/</g, "\\u003c")}</script>\n`
      : "";
  const attributes = {
    src: "/tailorbird.js",
    async: true,
    ...(inline || config === undefined ? {} : { "data-config": "/tailorbird.json" }),
    ...(typeof tag === "object" ? tag : {}),
  };
  return `${data}<script${attributesOf(attributes)}></script>`;
};

/**
 * A whole page: the rig's own scripts first, then what comes before the tag, then the tag.
 *
 * @param {PageSpec} page
 */
export const pageHtml = (page) => {
  const charset = page.charset === undefined ? '<meta charset="utf-8">' : "";
  return `<!doctype html>
<html lang="${page.lang ?? "en"}">
<head>${charset}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title ?? "A shop")}</title>
${rigScripts(page)}
${page.head ?? ""}
${page.tag === false ? "" : tagHtml(page)}
</head>
<body>
${page.body ?? ""}
</body>
</html>`;
};

/**
 * The scripts that a test needs before anything else on a page of whatever origin.
 *
 * @param {PageSpec} page
 */
export const rigScripts = (page) => {
  // Where the page's own tag needs a nonce, so do these.
  const nonce = typeof page.tag === "object" && page.tag.nonce ? ` nonce="${page.tag.nonce}"` : "";
  const before = `\n<script src="/rig/before.js?of=${page.where ?? "/"}"${nonce}></script>`;
  return `<script src="/rig/collector.js"${nonce}></script>${(page.before ?? []).length > 0 ? before : ""}`;
};

/** @param {readonly Step[]} steps */
const beforeJs = (steps) =>
  steps
    .map((step) => {
      const [fn, ...words] = typeof step === "function" ? [step] : step;
      return `(${fn})(${words.map((word) => JSON.stringify(word)).join(", ")});`;
    })
    .join("\n");

/** One test's site. */
class Site {
  /**
   * @param {string} name
   * @param {number} port
   * @param {SiteSpec} spec
   */
  constructor(name, port, spec) {
    this.name = name;
    this.origin = `http://${name}.localhost:${port}`;
    this.spec = spec;
    /** @type {SiteRequest[]} */
    this.requests = [];
  }

  url(where = "/") {
    return this.origin + where;
  }

  /** Paths of what the engine itself asked for, in order. */
  engineRequests() {
    return this.requests
      .map((request) => request.path)
      .filter((where) => where === "/tailorbird.json" || (where !== "/" && existsSync(path.join(DIST, where))));
  }

  /**
   * @param {string} where
   * @returns {PageSpec | undefined}
   */
  pageAt(where) {
    if (where === "/") return this.spec.body === undefined && this.spec.roots ? undefined : this.spec;
    const page = this.spec.pages?.[where];
    return page && { ...this.spec, ...page, where };
  }

  /**
   * @param {string} where
   * @param {URLSearchParams} query
   * @returns {Promise<Answer | undefined>}
   */
  async answer(where, query) {
    const { spec } = this;
    if (where === "/rig/collector.js")
      return { type: "text/javascript", body: await readFile(path.join(HERE, "collector.js")) };
    if (where === "/rig/before.js") {
      const page = this.pageAt(query.get("of") ?? "/") ?? spec;
      return { type: "text/javascript; charset=utf-8", body: beforeJs(page.before ?? []) };
    }
    if (where === "/favicon.ico") return { status: 204, body: "" };
    const ready = spec.files?.[where];
    if (ready?.body !== undefined) return ready;
    const page = this.pageAt(where);
    if (page) {
      return {
        type: `text/html${page.charset ? `; charset=${page.charset}` : ""}`,
        body: page.charset ? Buffer.from(pageHtml(page), "latin1") : pageHtml(page),
        headers: page.csp ? { "content-security-policy": page.csp } : {},
      };
    }
    if (where === "/tailorbird.json" && spec.config !== undefined && !spec.inline) {
      return {
        type: "application/json",
        body: typeof spec.config === "string" ? spec.config : JSON.stringify(spec.config),
      };
    }
    for (const [prefix, folder] of [...Object.entries(spec.roots ?? {}), ["/", spec.dist ?? DIST]]) {
      if (!where.startsWith(prefix)) continue;
      let file = path.join(folder, decodeURIComponent(where.slice(prefix.length)));
      if (!file.startsWith(folder)) continue;
      if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, "index.html");
      if (!existsSync(file) && existsSync(`${file}.html`)) file = `${file}.html`;
      if (!existsSync(file)) continue;
      const body = await readFile(file);
      const type = TYPES[path.extname(file)] ?? "application/octet-stream";
      if (spec.html && type.startsWith("text/html")) {
        return {
          type,
          body: spec.html(where, body.toString("utf8")),
          headers: spec.csp ? { "content-security-policy": spec.csp } : {},
        };
      }
      return { type, body, ...ready };
    }
    return undefined;
  }
}

/** The server of all sites of one test file. */
export const openSites = async () => {
  /** @type {Map<string | undefined, Site>} */
  const sites = new Map();
  const server = http.createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => void respond(request, response, Buffer.concat(chunks)));
  });
  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   * @param {Buffer} sent
   */
  const respond = async (request, response, sent) => {
    const url = new URL(String(request.url), "http://localhost");
    const site = sites.get(String(request.headers.host).split(".")[0]);
    if (!site) {
      response.writeHead(421).end();
      return;
    }
    /** @type {SiteRequest} */
    const entry = {
      method: String(request.method),
      path: url.pathname,
      query: url.search,
      bytes: sent.length,
      status: 0,
      bypassed: request.headers[THROUGH_PROXY] === undefined,
    };
    site.requests.push(entry);
    let answer;
    try {
      answer = await site.answer(url.pathname, url.searchParams);
    } catch (error) {
      answer = { status: 500, type: "text/plain", body: String(error) };
    }
    answer ??= { status: 404, type: "text/plain", body: "not here", unknown: true };
    entry.status = answer.status ?? 200;
    entry.unknown = answer.unknown === true;
    if (answer.delay) await new Promise((resolve) => setTimeout(resolve, answer.delay));
    const body = Buffer.from(answer.body ?? "");
    const headers = {
      "cache-control": site.spec.caching ?? "no-store",
      ...(answer.type ? { "content-type": answer.type } : {}),
      ...answer.headers,
    };
    if (answer.hangUp) {
      response.writeHead(entry.status, { ...headers, "content-length": body.length });
      response.write(body.subarray(0, answer.cut), () => response.destroy());
      return;
    }
    const rest = answer.cut === undefined ? body : body.subarray(0, answer.cut);
    response.writeHead(entry.status, {
      ...headers,
      ...(entry.status === 204 ? {} : { "content-length": rest.length }),
    });
    response.end(entry.status === 204 ? undefined : rest);
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {AddressInfo} */ (server.address());
  return {
    port,
    /**
     * @param {string} name
     * @param {SiteSpec} spec
     */
    add: (name, spec) => {
      const site = new Site(name, port, spec);
      sites.set(name, site);
      return site;
    },
    /** @returns {Promise<void>} */
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
