// `tailorbird inspect` in the browser that it runs itself: Chromium.
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import test, { after } from "node:test";
import { findBrowsers } from "../../scripts/setup.mjs";
import { runToolBeside } from "../tool.mjs";
import { DIST, tagHtml } from "./rig/site.mjs";

const CONFIG = {
  version: 1,
  segments: [{ id: "nobody", when: { "visitor.events.view_item": { $gt: 100 } } }],
  slots: [
    {
      id: "hero",
      holdout: 1,
      choose: [{ by: "segment" }],
      variants: [
        { id: "tall", segment: "nobody", content: { class: { "": { add: ["tall"] } } } },
        { id: "greeting", until: "2000-01-01T00:00Z", content: { text: { p: "Hello {{ name }}" } } },
      ],
    },
    {
      id: "strip",
      target: ".strip",
      choose: [{ by: "popular" }],
      variants: [{ id: "sale", content: { text: { "": "Sale" } } }],
    },
  ],
};

const STYLE = `
  .hero p { margin: 0; height: 100px }
  .hero.tall p { height: 212px }
  @media (min-width: 768px) { .hero.tall p { height: 180px } }`;

/** @param {{ tag?: string, style?: string }} page */
const html = ({ tag = tagHtml({ config: CONFIG }), style = "" }) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A shop</title><style>${STYLE}${style}</style>${tag}</head>
<body><p class="strip">Open</p><section class="hero" data-tb-slot="hero"><p>Gear</p></section><p>Below</p></body></html>`;

const CSS = `[data-tb-slot="hero"] { min-height: 212px; }
@media (min-width: 768px) { [data-tb-slot="hero"] { min-height: 180px; } }
`;

/** @typedef {{ width: number, asSent: number, tallest: object, change: number, minHeight: number, layoutShift: number }} AtWidth */

const folder = mkdtempSync(path.join(tmpdir(), "tailorbird-inspect-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {string} text
 */
const file = (name, text) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

/** @param {string[]} args */
const inspect = (...args) => {
  const { chromium } = findBrowsers();
  assert.ok(chromium, "there is a Chromium");
  return runToolBeside(["inspect", ...args, "--browser", chromium]);
};

if ((process.env.BROWSER ?? "chromium") === "chromium") {
  copyFileSync(path.join(DIST, "tailorbird.js"), path.join(folder, "tailorbird.js"));
  file("tailorbird.json", JSON.stringify(CONFIG));

  test("a slot with a taller variant is reported with the height to reserve, and a missing value is named", async () => {
    const page = file("index.html", html({}));
    /** @type {string[]} */
    const asked = [];
    const server = http.createServer(({ url = "" }, response) => {
      asked.push(url);
      const type = url.endsWith(".js") ? "text/javascript" : url.endsWith(".json") ? "application/json" : "text/html";
      const name = { "/": page, "/tailorbird.js": "tailorbird.js", "/tailorbird.json": "tailorbird.json" }[url];
      response.writeHead(name ? 200 : 404, { "content-type": type });
      response.end(name && readFileSync(path.resolve(folder, name)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const { status, out, err } = await inspect(`http://127.0.0.1:${port}/`, "--widths", "320,1280", "--json");
    server.close();
    assert.equal(status, 1, err);
    const report = JSON.parse(out);
    const [hero, strip] = report.slots;
    /** @type {AtWidth[]} */
    const widths = hero.widths;
    assert.equal(hero.css, CSS.replace("768", "1280"));
    assert.deepEqual(
      widths.map(({ width, asSent, tallest, change, minHeight }) => [width, asSent, tallest, change, minHeight]),
      [
        [320, 100, { variant: "tall", height: 212 }, 112, 212],
        [1280, 100, { variant: "tall", height: 180 }, 80, 180],
      ],
    );
    assert.ok(
      widths.every(({ layoutShift }) => layoutShift > 0),
      "the browser saw what is below move",
    );
    assert.deepEqual([strip.selector, strip.shifts], [".strip", false]);
    assert.deepEqual(report.notShown, [
      { slot: "hero", variant: "greeting", reason: "there is no value for {{ name }}", widths: [320, 1280] },
    ]);
    const others = asked.filter((url) => !["/", "/tailorbird.js", "/tailorbird.json", "/favicon.ico"].includes(url));
    assert.deepEqual(others, [], "nothing is asked for but what the page asks for");
  });

  test("with the CSS that is printed nothing shifts, in a file, with the site's own attributes", async () => {
    const page = file("reserved.html", html({ style: CSS }));
    const attributes = file("attributes.json", JSON.stringify({ name: "Ada" }));
    const { status, out, err } = await inspect(page, "--widths", "320,768,1280", "--attributes", attributes);
    assert.equal(status, 0, out + err);
    assert.ok(out.startsWith(`${page}: nothing shifts\n`), out);
    assert.match(out, /hero +768 +180 px +tall +180 px +– +–/);
  });

  test("a config in the page is measured as well", async () => {
    const page = file("inline.html", html({ tag: tagHtml({ config: CONFIG, inline: true }) }));
    const { status, out, err } = await inspect(page, "--widths", "320");
    assert.equal(status, 1, err);
    assert.ok(out.includes('[data-tb-slot="hero"] { min-height: 212px; }\n'), out);
  });

  test("a page without Tailorbird is refused, and says so", async () => {
    const { status, out, err } = await inspect(file("plain.html", html({ tag: "" })));
    assert.deepEqual([status, out], [2, ""]);
    assert.match(err, /plain\.html: there is no script tag of Tailorbird on this page/);
  });
}
