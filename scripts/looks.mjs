/**
 * All looks of a prompt on one sheet: `npm run looks [FILE.png]`. Each theme in each form, by day and by night, wide and
 * on a small screen; then on pages of others, as `inherit` takes them up. Writes `test-results/looks.png` unless told.
 *
 * `npm run looks -- --inspector` writes the sheets of the inspector in place of that, `--apps` those on apps as well.
 */

import { existsSync, mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { withChromium } from "./bench/chromium.mjs";
import { ROOT } from "./setup.mjs";

/** @import { Page } from "puppeteer-core" */

const ORIGIN = "http://looks.example";
const FORMS = ["modal", "sheet", "bar-top", "bar-bottom", "slide-in", "inline"];
/** Prompts with a picture, and with markup of the page. */
const MORE = ["picture-modal", "picture-slide-in", "picture-inline", "own-modal", "own-slide-in", "own-inline"];
/** Prompts that show items. */
const ITEMS = ["items-modal", "items-sheet", "items-slide-in", "items-inline"];
const THEMES = ["plain", "warm", "bold", "inherit"];
const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css"],
  [".js", "text/javascript"],
  [".json", "application/json"],
  [".svg", "image/svg+xml"],
]);

/** What each form says: between them they show everything that a prompt may hold. */
const CONTENTS = [
  { title: "Ten percent off your boots", coupon: { code: "HIKE10", copy: "Copy the code", copied: "Copied" } },
  { title: "A letter now and then?", ask: { email: { label: "Your email address" } } },
  { title: "Keep your basket?", body: "We can keep it for a week, here in this browser." },
  {
    title: "How wide are your feet?",
    ask: {
      choices: [
        { id: "wide", label: "Wide" },
        { id: "narrow", label: "Narrow" },
      ],
    },
  },
  {
    title: "Would you recommend us?",
    ask: { scale: { from: 0, to: 10, low: "Not at all likely", high: "Very likely" } },
  },
  { title: "Shall we compare them for you?", body: "Three boots, side by side." },
];
const IMAGE = { src: "/boots.svg", alt: "Boots on a path", width: 640, height: 480 };
const PICTURED = { title: "Ridge boots are back", body: "In all sizes, until Sunday.", image: IMAGE };
const WITH_ITEMS = { title: "Back to one of these?", items: { kind: "popular" } };
const CATALOG = [
  { item_id: "b-7", item_name: "Ridge boots", price: 129, url: "/boots/ridge", image: "/boots.svg" },
  { item_id: "t-1", item_name: "Linnet two-person tent", price: 319, url: "/tents/linnet", image: "/boots.svg" },
  { item_id: "s-1", item_name: "Wool socks", price: 15, url: "/socks", image: "/boots.svg" },
];
const OWN = { by: "template", template: "#own", title: "Your basket" };

/** @param {string} theme */
const config = (theme) => ({
  version: 1,
  site: { currency: "EUR", prompts: { theme } },
  catalog: CATALOG,
  prompts: [...FORMS, ...MORE, ...ITEMS].map((id, index) => {
    const form = id.replace(/^(picture|own|items)-/, "");
    const says = id.startsWith("picture") ? PICTURED : id.startsWith("items") ? WITH_ITEMS : CONTENTS[index];
    const content = id.startsWith("own") ? OWN : { accept: "Yes, please", decline: "No, thank you", ...says };
    return { id, as: form, ...(form === "inline" ? { slot: "aside" } : {}), on: { call: true }, content };
  }),
});

const TAG = '<script src="/tailorbird.js" data-config="/tailorbird.json" data-consent="granted"></script>';
const ARTICLE = `<main><h1>Ridge boots</h1><p>Light, and dry for a long day.</p><button>Put into the basket</button></main>
  <div data-tb-slot="aside" style="display: block; min-height: 520px; margin-top: 1em"></div>
  <template id="own"><h2 style="margin: 0">Your basket</h2><p>Ridge boots, 129 €</p>
  <p><button data-tb-answer="accept">Keep it</button> <button data-tb-answer="decline">No, thank you</button></p></template>`;
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480"><rect width="640" height="480" fill="#9ec8e8"/>
  <path d="M0 480 L220 170 L360 330 L460 220 L640 480Z" fill="#3d6b4f"/><circle cx="520" cy="110" r="50" fill="#ffd76a"/></svg>`;

/** Pages on which prompts are looked at, by path: HTML, or a folder. */
const PAGES = {
  "/plain": `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Boots</title>
    <style>body { font: 16px sans-serif; background: Canvas; color: CanvasText; color-scheme: light dark; }</style>${ARTICLE}${TAG}`,
  "/hostile": `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Boots</title>
    <style>* { all: unset } div { display: none } html { font-size: 8px } main { display: block }</style>${ARTICLE}${TAG}`,
  "/rtl": `<!doctype html><html lang="ar" dir="rtl"><meta name="viewport" content="width=device-width"><title>Boots</title>
    <style>body { font: 16px sans-serif }</style>${ARTICLE}${TAG}`,
  "/night": `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Boots</title>
    <style>body { font: 18px Georgia, serif; background: #10202c; color: #e8f1f5 }
    button { border: 0; border-radius: 20px; padding: 8px 16px; background: #6fd3c1; color: #06231f }</style>${ARTICLE}${TAG}`,
};
const FOLDERS = ["www/shop", "node_modules/startbootstrap-shop-item/dist"].map((folder) => join(ROOT, folder));

/**
 * What the origin answers for a path.
 *
 * @param {string} path
 * @param {string} theme
 */
const answer = async (path, theme) => {
  if (path === "/tailorbird.json") return { type: ".json", body: JSON.stringify(config(theme)) };
  if (path === "/boots.svg") return { type: ".svg", body: PICTURE };
  const own = PAGES[/** @type {keyof typeof PAGES} */ (path)];
  if (own) return { type: ".html", body: own };
  const [place, ...rest] = path.split("/").slice(1);
  // Below /0/ and /1/ stand the folders; what their pages ask for without that is looked for in both, and in dist/.
  const folders = place && /^\d$/.test(place) ? [FOLDERS[Number(place)] ?? ""] : [join(ROOT, "dist"), ...FOLDERS];
  const name = (place && /^\d$/.test(place) ? rest.join("/") : path.slice(1)) || "index.html";
  for (const folder of folders) {
    const file = join(folder, name);
    if (!file.startsWith(folder) || !existsSync(file) || !extname(file)) continue;
    const body = await readFile(file);
    const isForeign = place === "1" && extname(file) === ".html";
    return { type: extname(file), body: isForeign ? body.toString().replace("</body>", `${TAG}</body>`) : body };
  }
  return undefined;
};

/**
 * @typedef {object} Look
 * @property {string} path
 * @property {string} theme
 * @property {string} form
 * @property {boolean} dark
 * @property {number} width
 * @property {number} height
 */

/**
 * A picture of the page with the prompt.
 *
 * @param {Page} tab
 * @param {Look} look
 */
const take = async (tab, { path, form, dark, width, height }) => {
  await tab.setViewport({ width, height });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  await tab.goto(`${ORIGIN}${path}`, { waitUntil: "load" });
  await tab.waitForFunction(() => window.tailorbird?.available);
  await tab.evaluate((id) => {
    document.querySelector("#consent")?.remove();
    void window.tailorbird.consent({ personalize: true });
    Reflect.set(window, "moved", 60_000);
    window.tailorbird.prompt(/** @type {never} */ (id));
  }, form);
  await tab.waitForFunction(() => document.querySelector("tailorbird-prompt"));
  // What comes in with a movement has come to rest.
  await new Promise((done) => setTimeout(done, 250));
  return tab.screenshot({ encoding: "base64" });
};

/** @type {readonly { heading: string, looks: readonly Look[] }[]} */
const ROWS = [
  ...THEMES.flatMap((theme) =>
    [false, true].map((dark) => ({
      heading: `${theme}, ${dark ? "dark" : "light"}`,
      looks: FORMS.map((form) => ({ path: "/plain", theme, form, dark, width: 800, height: 500 })),
    })),
  ),
  ...THEMES.map((theme) => ({
    heading: `${theme}, 320 px`,
    looks: FORMS.map((form) => ({ path: "/plain", theme, form, dark: false, width: 320, height: 640 })),
  })),
  ...THEMES.flatMap((theme) =>
    [false, true].map((dark) => ({
      heading: `pictures and markup of the page: ${theme}, ${dark ? "dark" : "light"}`,
      looks: MORE.map((form) => ({ path: "/plain", theme, form, dark, width: 800, height: 500 })),
    })),
  ),
  {
    heading: "pictures and markup of the page: plain, 320 px",
    looks: MORE.map((form) => ({ path: "/plain", theme: "plain", form, dark: false, width: 320, height: 720 })),
  },
  ...THEMES.flatMap((theme) =>
    [false, true].map((dark) => ({
      heading: `items: ${theme}, ${dark ? "dark" : "light"}`,
      looks: ITEMS.map((form) => ({ path: "/plain", theme, form, dark, width: 800, height: 500 })),
    })),
  ),
  {
    heading: "items: plain, 320 px",
    looks: ITEMS.map((form) => ({ path: "/plain", theme: "plain", form, dark: false, width: 320, height: 568 })),
  },
  ...["/hostile", "/night", "/0/"].map((path) => ({
    heading: `items: inherit, ${path}`,
    looks: ITEMS.slice(0, 3).map((form) => ({ path, theme: "inherit", form, dark: false, width: 800, height: 500 })),
  })),
  {
    heading: "right to left",
    looks: [...MORE, ...ITEMS].map((form) => ({
      path: "/rtl",
      theme: "plain",
      form,
      dark: false,
      width: 800,
      height: 500,
    })),
  },
  {
    heading: "plain at 400 %",
    looks: FORMS.map((form) => ({ path: "/plain", theme: "plain", form, dark: false, width: 320, height: 256 })),
  },
  ...[
    ["/0/", "demo shop"],
    ["/1/index.html", "startbootstrap-shop-item"],
    ["/night", "a dark page"],
    ["/hostile", "hostile style sheet"],
  ].map(([path, name]) => ({
    heading: `inherit, ${name}`,
    // Pages of others have no slot for a card.
    looks: FORMS.filter((form) => form !== "inline" || !/\d/.test(path ?? "")).map((form) => ({
      path: path ?? "",
      theme: "inherit",
      form,
      dark: false,
      width: 800,
      height: 500,
    })),
  })),
];

const { values: options, positionals } = parseArgs({
  options: { inspector: { type: "boolean" }, apps: { type: "boolean" } },
  allowPositionals: true,
});
const file = resolve(positionals[0] ?? join(ROOT, "test-results/looks.png"));
await withChromium(
  async (browser) => {
    if (options.inspector || options.apps) {
      const { inspectorLooks } = await import("./looks/inspector.mjs");
      await inspectorLooks(browser, dirname(file), { apps: options.apps });
      return;
    }
    const tab = await browser.newPage();
    let theme = "plain";
    await tab.setRequestInterception(true);
    tab.on("request", (request) => {
      const { origin, pathname } = new URL(request.url());
      const answered = origin === ORIGIN ? answer(pathname, theme) : Promise.resolve(undefined);
      void answered.then((found) =>
        found
          ? request.respond({ body: found.body, contentType: TYPES.get(found.type) ?? "application/octet-stream" })
          : request.abort(),
      );
    });
    await tab.evaluateOnNewDocument(() => {
      const now = Date.now.bind(Date);
      Reflect.set(window, "moved", 0);
      Date.now = () => now() + Number(Reflect.get(window, "moved"));
    });
    const sections = [];
    for (const { heading, looks } of ROWS) {
      console.log(heading);
      const pictures = [];
      for (const look of looks) {
        theme = look.theme;
        await tab.evaluateOnNewDocument(() => localStorage.clear());
        const png = await take(tab, look);
        pictures.push(`<img src="data:image/png;base64,${png}" width="${look.width / 2}" height="${look.height / 2}">`);
      }
      sections.push(`<h2>${heading}</h2><p>${pictures.join(" ")}</p>`);
    }
    const sheet = await browser.newPage();
    await sheet.setViewport({ width: 2_520, height: 1_000 });
    await sheet.setContent(`<!doctype html><style>
    body { margin: 16px; font: 16px system-ui, sans-serif; background: #fff } h2 { margin: 16px 0 4px; font-size: 16px }
    p { margin: 0 } img { border: 1px solid #bbb }</style>${sections.join("")}`);
    mkdirSync(dirname(file), { recursive: true });
    await sheet.screenshot({ path: /** @type {`${string}.png`} */ (file), fullPage: true });
  },
  [
    // Headless has no mouse, and where there is none a modal prompt is a sheet.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
  ],
);
if (!options.inspector && !options.apps) console.log(file);
