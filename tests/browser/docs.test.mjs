// What README and docs tell a newcomer to write does what they say: the tutorial step by step, by its own words; every
// snippet of HTML as a page; every snippet of JavaScript on a page; the React snippet in a bundle.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { build } from "esbuild";
import { isRecipe, placeOf, read, snippetsIn, snippetsOf, USER_PAGES } from "../docs/snippets.mjs";
import { body, config } from "./outdoor.mjs";
import { rig } from "./rig/rig.mjs";
import { DIST, rigScripts, ROOT } from "./rig/site.mjs";

const { scene } = await rig();

const folder = mkdtempSync(path.join(os.tmpdir(), "tailorbird-readme-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The part of the README below a heading, up to the next one.
 *
 * @param {string} heading
 */
const sectionOf = (heading) => {
  const found = new RegExp(`^## ${heading}\n([^]*?)(?=^## )`, "m").exec(read("README.md"));
  assert.ok(found);
  return found[1];
};

/**
 * The snippets of the README between two lines of it.
 *
 * @param {string} heading
 */
const snippetsBelow = (heading) => {
  const section = sectionOf(heading);
  return snippetsOf("README.md").filter(({ text }) => section.includes(text.split("\n")[0]));
};

/**
 * The steps of a numbered list: each with its prose and the snippet in it.
 *
 * @param {string} section
 */
const stepsOf = (section) =>
  section
    .split(/^(?=\d+\. )/m)
    .slice(1)
    .map((step) => ({ prose: step.replace(/```[^]*?```/g, ""), script: /```js\n([^]*?)```/.exec(step)?.[1] }));

scene("the tutorial of the README does what it says, in less than a minute", async ({ site, open }) => {
  const heading = "A website in 60 seconds";
  const [commands, page, file] = snippetsBelow(heading);
  const [, target] = /** @type {RegExpExecArray} */ (/^mkdir (\S+)$/m.exec(commands.text));
  assert.match(commands.text, new RegExp(`^cp dist/tailorbird\\*\\.js ${target}/$`, "m"));
  for (const name of readdirSync(DIST).filter((name) => /^tailorbird.*\.js$/.test(name))) {
    cpSync(path.join(DIST, name), path.join(folder, name));
  }
  for (const { text, name } of [
    { ...page, name: "index.html" },
    { ...file, name: "tailorbird.json" },
  ]) {
    assert.ok(sectionOf(heading).includes(`\`${target}/${name}\`:`), name);
    writeFileSync(path.join(folder, name), text);
  }
  const shop = site({
    roots: { "/": folder },
    html: (_, text) => text.replace("<head>", `<head>${rigScripts({})}`),
  });
  const tab = await open();
  const began = Date.now();
  const steps = stepsOf(sectionOf(heading));
  assert.equal(steps.length, 5);
  for (const { prose, script } of steps) {
    const [, address] = /^\d+\. Open `(\S+)`/.exec(prose) ?? [];
    if (address) await tab.goto(shop.url(address));
    const [, call] = /Run `([^`]+)`/.exec(prose) ?? [];
    if (call) await tab.evaluate((source) => void window.eval(source), call);
    if (script) {
      await tab.until(() => window.tailorbird?.available);
      await tab.evaluate((source) => void window.eval(source), script);
    }
    if (/[Rr]eload/.test(prose)) await tab.goto(shop.url("/"));
    await tab.until(() => window.tailorbird?.available);
    const [, reads] = /** @type {RegExpExecArray} */ (/reads \*\*(.+?)\*\*/.exec(prose));
    await tab.until((text) => document.querySelector("h1")?.textContent === text, reads);
  }
  assert.ok(Date.now() - began < 60_000);
});

/**
 * What scripts of a page run on: of a recipe its own HTML.
 *
 * @param {string} page
 */
const bodyOf = (page) => (isRecipe(page) ? snippetsOf(page).find(({ language }) => language === "html")?.text : body);

/**
 * The config of a page: its first whole one, else that of the tests.
 *
 * @param {string} page
 */
const configOf = (page) => {
  const whole = snippetsOf(page).find(
    ({ language, place, text }) => language === "json" && !place && /"version"/.test(text),
  );
  return whole ? JSON.parse(whole.text) : config();
};

for (const snippet of snippetsIn("html").filter(({ page, text }) => !isRecipe(page) && !text.includes("<!doctype"))) {
  scene(`${placeOf(snippet)}: the page works as it is written`, async ({ site, open }) => {
    const [head, rest] = snippet.text.includes("\n...\n")
      ? snippet.text.split("\n...\n")
      : ["", `${snippet.text}\n${body}`];
    const hasTag = snippet.text.includes('src="/tailorbird.js"');
    const shop = site({ config: configOf(snippet.page), tag: hasTag ? false : {}, head, body: rest });
    const tab = await open(shop.url());
    await tab.announced("ready");
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);
    if (head.includes("tailorbird-config")) {
      assert.equal(await tab.text("h1"), "New for autumn");
      assert.ok(!shop.engineRequests().includes("/tailorbird.json"), "the config is in the page");
    }
  });
}

for (const snippet of snippetsIn("js").filter(({ page }) => page !== "README.md")) {
  scene(`${placeOf(snippet)}: the script runs on a page`, async ({ site, open }) => {
    const shop = site({
      config: configOf(snippet.page),
      body: bodyOf(snippet.page),
      tag: { "data-consent": "granted" },
    });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const ran = await tab.evaluate(async (source) => {
      // What a snippet prints is for its reader.
      console.log = () => {};
      try {
        await new (Object.getPrototypeOf(async () => {}).constructor)(source)();
        return "ran";
      } catch (error) {
        return String(error);
      }
    }, snippet.text);
    assert.equal(ran, "ran");
    assert.deepEqual(await tab.announcements("unavailable"), []);
  });
}

scene(
  "the shelf of the page on recommendations is the page's own, and after a look at boots the visitor's",
  { missing: ["/boots/gill.webp", "/tents/linnet.webp"], said: [/404|Failed to load/i] },
  async ({ site, open }) => {
    const page = "docs/recommendations.md";
    const [html] = snippetsOf(page).filter(({ language }) => language === "html");
    const [look] = snippetsOf(page).filter(({ language }) => language === "js");
    const [head, body] = html.text.split("\n...\n");
    const shop = site({ config: configOf(page), tag: false, head, body });
    const tab = await open(shop.url());
    await tab.announced("ready");
    const first = () =>
      [...document.querySelectorAll("li")]
        .find((item) => item.getClientRects().length > 0)
        ?.textContent.replace(/\s+/g, " ")
        .trim();
    assert.equal(await tab.evaluate(first), "Ridge Mid €149");
    const words = await tab.evaluate(async (source) => {
      /** @type {unknown} */
      let printed;
      console.log = (words) => (printed = words);
      await new (Object.getPrototypeOf(async () => {}).constructor)(source)();
      return String(printed);
    }, look.text);
    assert.match(words, /Gill Low \(because of Ridge Mid\)/);
    await tab.until(() => document.querySelectorAll("li:not([style])").length === 2);
    assert.equal(await tab.evaluate(first), "Gill Low €119.00");
  },
);

scene("the script of the page on lift hands exposures to gtag(), each once", async ({ site, open }) => {
  const [script] = snippetsOf("docs/lift.md").filter(({ language }) => language === "js");
  const stated = `window.tailorbird = [
    ["attributes", { id: "visitor-1" }], ["consent", { personalize: true, measure: true }]];`;
  const shop = site({ config: configOf("docs/lift.md"), head: `<script>${script.text}\n${stated}</script>`, body });
  const tab = await open(shop.url());
  const told = () =>
    window.dataLayer
      .map((entry) => ("exp_variant_string" in entry ? [entry.event, entry] : [...entry].slice(1)))
      .map(([name, { exp_variant_string }]) => `${name} ${exp_variant_string}`);
  const exposure = "experience_impression tailorbird-hero-words-benefit";
  await tab.until(() => window.dataLayer.length > 1);
  assert.deepEqual(await tab.evaluate(told), [exposure, exposure], "as the engine pushed it, and as gtag() sends it");
});

scene("the banner of the README asks once, and its answer holds on every page", async ({ site, open }) => {
  const [banner] = snippetsBelow("Consent").filter(({ language }) => language === "html");
  const shop = site({ config: config(), body: banner.text + body });
  const tab = await open(shop.url());
  await tab.announced("ready");
  const consent = () => tab.evaluate(() => window.tailorbird.profile().consent);
  assert.equal(await consent(), "unknown");
  await tab.click('#consent button[value="yes"]');
  await tab.until(() => window.tailorbird.profile().consent === "granted");
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.until(() => window.tailorbird.profile().consent === "granted");
  assert.equal(await tab.evaluate(() => document.getElementById("consent")?.hidden), true);
  await tab.evaluate(() => {
    localStorage.removeItem("consent");
  });
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.click('#consent button[value="no"]');
  await tab.until(() => window.tailorbird.profile().consent === "denied");
  await tab.until(() => Object.keys(localStorage).every((key) => key === "consent"));
});

for (const snippet of USER_PAGES.flatMap(snippetsOf).filter(
  ({ language, text }) => language === "tsx" && /data-tb-slot/.test(text),
)) {
  scene(`${placeOf(snippet)}: the component is rendered, and its slot is filled`, async ({ site, open }) => {
    const [, component] = /** @type {RegExpExecArray} */ (/export function (\w+)/.exec(snippet.text));
    const { outputFiles } = await build({
      stdin: {
        contents: `${snippet.text}
          import { StrictMode } from "react";
          import { createRoot } from "react-dom/client";
          createRoot(document.querySelector("#app")).render(<StrictMode><${component} /></StrictMode>);`,
        loader: "tsx",
        resolveDir: ROOT,
      },
      alias: { tailorbird: path.join(DIST, "index.js") },
      jsx: "automatic",
      bundle: true,
      splitting: true,
      outdir: "/",
      write: false,
      format: "esm",
      target: "es2022",
      minify: true,
      charset: "utf8",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    const files = outputFiles.map(({ path: name, text }) => [
      `/${path.basename(name)}`,
      { type: "text/javascript; charset=utf-8", body: text },
    ]);
    const hero = {
      id: "hero",
      choose: [{ by: "popular" }],
      variants: [{ id: "boots", weight: 1, content: { text: { h1: "Boots that know the way" } } }],
    };
    const shop = site({
      config: { version: 1, slots: [hero] },
      tag: false,
      body: `<main id="app"></main><script type="module" src="/stdin.js"></script>`,
      files: Object.fromEntries(files),
    });
    const tab = await open(shop.url());
    await tab.until(() => document.querySelector("h1")?.textContent === "Boots that know the way");
  });
}

/** One page for each mistake that the README names with what the console says. */
const MISTAKES = [
  { tag: { "data-config": "/tailorbird.json" } },
  { config: '{\n  "version": 1,\n  "slots": [\n  ],\n  "x-a": [1],\n  "x-b": 1,\n  }' },
  { config: config({ slots: [{ ...config().slots[0], holdout: 7 }] }) },
  { config: config(), body: `${body}<div data-tb-slot="heroo"></div>` },
  {
    config: config({
      slots: [
        {
          id: "hero",
          choose: [{ by: "popular" }],
          variants: [{ id: "boots", weight: 1, content: { text: { h2: "Boots" } } }],
        },
      ],
    }),
  },
  { config: config(), csp: "script-src 'self'" },
  { config: config({ segments: [{ id: "vip", when: { "visitor.order": 1 } }], slots: [] }) },
];

scene(
  "what the README says about the console is what the console says",
  { said: [/./], missing: ["/tailorbird.json"] },
  async ({ site, open }) => {
    const promised = [...sectionOf("Nothing happens\\?").matchAll(/^\| `([^`]+)`/gm)].map(([, text]) => text);
    assert.equal(promised.length, MISTAKES.length);
    for (const [at, text] of promised.entries()) {
      const tab = await open(site({ body, ...MISTAKES[at] }).url());
      await tab.until((wanted) => window.seen.said.some((said) => said.text.includes(wanted)), text);
      await tab.close();
    }
  },
);
