// A small static server: files from one or more folders, as they are on disk at that moment.
import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** The parts of a request's path; `null` if it cannot be one of a file that may be served. */
const partsOf = (pathname) => {
  const parts = [];
  for (const coded of pathname.split("/")) {
    let part;
    try {
      part = decodeURIComponent(coded);
    } catch {
      return null;
    }
    if (/[/\\\0]/.test(part) || part.startsWith(".")) return null;
    if (part !== "") parts.push(part);
  }
  return parts;
};

const kind = async (file) => {
  try {
    const found = await stat(file);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : null;
  } catch {
    return null;
  }
};

/**
 * The file that answers a path: the file itself, the page without its `.html`, or a folder's
 * `index.html`. A folder asked for without its slash answers `"folder"`, because relative links
 * inside its page count from there.
 */
const located = async (roots, parts, slash) => {
  for (const root of roots) {
    const named = path.join(root, ...parts);
    const candidates = slash ? [path.join(named, "index.html")] : [named, `${named}.html`];
    for (const candidate of candidates) {
      if ((await kind(candidate)) !== "file") continue;
      // A link inside the folder must not lead out of it.
      const real = await realpath(candidate);
      if (real.startsWith((await realpath(root)) + path.sep)) return real;
    }
    if (!slash && (await kind(path.join(named, "index.html"))) === "file") return "folder";
  }
  return null;
};

/**
 * Serves files until closed.
 *
 * @param {object} options
 * @param {string | string[]} options.root one folder, or several of which the first that has a file gives it
 * @param {number} [options.port] 0, the default, takes any free one
 * @param {string} [options.host]
 * @param {(body: Buffer, page: {path: string, type: string, status: number, headers: Record<string, string>}) => Buffer | string | void | Promise<Buffer | string | void>} [options.transform]
 *   may answer other bytes, and may change `headers`
 * @param {Record<string, string> | ((path: string) => Record<string, string>)} [options.headers] added to every answer
 * @returns {Promise<{url: string, port: number, close: () => Promise<void>}>} `url` ends with a slash
 * @throws {Error} with the system's code (`EADDRINUSE`) when it cannot listen
 */
export const serve = async ({ root, port = 0, host = "127.0.0.1", transform, headers = {} }) => {
  const roots = [root].flat().map((folder) => path.resolve(folder));

  const answer = async (request, response) => {
    const [pathname, ...query] = request.url.split("?");
    const own = typeof headers === "function" ? headers(pathname) : headers;

    const send = async (status, body, type, more = {}) => {
      const all = {
        "content-type": type,
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        ...more,
        ...own,
      };
      const changed = await transform?.(body, { path: pathname, type, status, headers: all });
      const bytes = Buffer.from(changed ?? body);
      if (status === 200) {
        all.etag = `"${createHash("sha256").update(bytes).update(JSON.stringify(all)).digest("base64url").slice(0, 27)}"`;
        const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
        if (known?.includes(all.etag) || known?.includes("*")) {
          response.writeHead(304, all).end();
          return;
        }
      }
      response.writeHead(status, { ...all, "content-length": bytes.length });
      response.end(request.method === "HEAD" ? undefined : bytes);
    };
    const refuse = (status, text, more) => send(status, Buffer.from(`${text}\n`), TYPES[".txt"], more);

    if (request.method !== "GET" && request.method !== "HEAD")
      return refuse(405, "Only GET and HEAD", { allow: "GET, HEAD" });
    const parts = pathname.startsWith("/") ? partsOf(pathname) : null;
    if (parts === null) return refuse(400, "Not a path of this server");
    const file = await located(roots, parts, pathname.endsWith("/"));
    if (file === "folder") {
      const there = `/${parts.map(encodeURIComponent).join("/")}/${query.length > 0 ? `?${query.join("?")}` : ""}`;
      return refuse(308, "It is a folder", { location: there });
    }
    if (file === null) {
      // A missing picture or script is not helped by a page.
      const page = path.extname(pathname) === "" ? await located(roots, ["404.html"], false) : null;
      return page ? send(404, await readFile(page), TYPES[".html"]) : refuse(404, "No such page");
    }
    return send(200, await readFile(file), TYPES[path.extname(file).toLowerCase()] ?? "application/octet-stream");
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      if (!response.headersSent) response.writeHead(500, { "content-type": TYPES[".txt"] });
      response.end(`${error.message}\n`);
    });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const taken = server.address().port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}/`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
