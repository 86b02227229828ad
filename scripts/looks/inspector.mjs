/**
 * The inspector on sheets of pictures: every pane by day, by night and on a small screen, on the demo shop, on a page that
 * nobody here wrote and on apps of two frameworks; and the walk of ten faults.
 */

import { execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { FAULTS, look, pageOf } from "../../tests/browser/faults.mjs";
import { says as paneSays, turnTo, words } from "../../tests/browser/inspector_page.mjs";
import { openSites } from "../../tests/browser/rig/site.mjs";
import { served, STRANGERS } from "../../tests/browser/strangers.mjs";
import { ROOT } from "../setup.mjs";

/** @import { Browser, KeyInput, Page } from "puppeteer-core" */
/** @import { Tab } from "../../tests/browser/rig/types.js" */

const PANES = ["Page", "Visitor", "Time", "Prompts", "Experiments", "Health", "Counts"];

const MODES = [
  { name: "light", dark: false, width: 1000, height: 700 },
  { name: "dark", dark: true, width: 1000, height: 700 },
  { name: "390 px", dark: false, width: 390, height: 700 },
];

/**
 * As much of a tab of the browser tests as the walk needs.
 *
 * @param {Page} page
 * @returns {Tab}
 */
const tabOf = (page) => {
  /** @param {Function} fn @param {unknown[]} given */
  const until = async (fn, ...given) => {
    const handle = await page.waitForFunction(/** @type {any} */ (fn), { timeout: 15_000 }, ...given);
    return handle.jsonValue();
  };
  const tab = {
    evaluate: page.evaluate.bind(page),
    until,
    announced: (/** @type {string} */ name) =>
      until((/** @type {string} */ wanted) => window.seen.events.some((event) => event.name === wanted), name),
    key: (/** @type {KeyInput} */ key) => page.keyboard.press(key),
    front: () => page.bringToFront(),
    close: () => page.close(),
  };
  return /** @type {any} */ (tab);
};

/**
 * One sheet: pictures below headings.
 *
 * @param {Browser} browser
 * @param {string} file
 * @param {readonly { heading: string, pictures: readonly { png: string, width: number, height: number, says?: string }[] }[]} rows
 */
const write = async (browser, file, rows) => {
  const sections = rows.map(({ heading, pictures }) => {
    const images = pictures.map(
      ({ png, width, height, says = "" }) =>
        `<figure style="width: ${width * 0.6}px"><img src="data:image/png;base64,${png}" width="${width * 0.6}" height="${height * 0.6}"><figcaption>${says}</figcaption></figure>`,
    );
    return `<h2>${heading}</h2><div>${images.join(" ")}</div>`;
  });
  const sheet = await browser.newPage();
  await sheet.setViewport({ width: 2_500, height: 1_000 });
  await sheet.setContent(`<!doctype html><style>
    body { margin: 16px; font: 16px system-ui, sans-serif; background: #fff } h2 { margin: 16px 0 4px; font-size: 16px }
    div { display: flex; flex-wrap: wrap; gap: 8px } figure { margin: 0 } img { border: 1px solid #bbb }</style>${sections.join("")}`);
  mkdirSync(dirname(file), { recursive: true });
  await sheet.screenshot({ path: /** @type {`${string}.png`} */ (file), fullPage: true });
  await sheet.close();
  console.log(file);
};

/**
 * Every pane in every mode.
 *
 * @param {Page} page
 * @param {string} heading
 * @param {string} url
 */
const panes = async (page, heading, url) => {
  const rows = [];
  for (const { name, dark, width, height } of MODES) {
    console.log(`${heading}, ${name}`);
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
    await page.goto(url, { waitUntil: "load" });
    await page.waitForFunction(words);
    const pictures = [];
    for (const pane of PANES) {
      await turnTo(tabOf(page), pane);
      await pause(200);
      pictures.push({ png: await page.screenshot({ encoding: "base64" }), width, height });
    }
    rows.push({ heading: `${heading}, ${name}`, pictures });
  }
  return rows;
};

/** The Next app, built and served; `undefined` where it cannot be built. */
const serveNext = async () => {
  const cwd = join(ROOT, "tests/apps/next");
  // The app of Vite, built before it, has set another.
  const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  const next = join(ROOT, "node_modules/next/dist/bin/next");
  await promisify(execFile)(process.execPath, [next, "build"], { cwd, env });
  const server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  /** @type {string} */
  const origin = await new Promise((ready, failed) => {
    server.stdout.on("data", (text) => {
      said += text;
      const [address] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? [];
      if (address && /Ready/.test(said)) ready(address);
    });
    server.once("exit", () => failed(new Error(`next start ended: ${said}`)));
  });
  const close = () => {
    server.removeAllListeners("exit");
    server.kill();
  };
  return { origin, close };
};

const serveReact = async () => {
  const { default: react } = await import("@vitejs/plugin-react");
  const { serveVite } = await import("../../tests/apps/vite_app.mjs");
  return serveVite("react-router", { plugins: [react()], server: "server.jsx" });
};

/**
 * @param {Browser} browser
 * @param {string} folder where the sheets go
 * @param {{ apps?: boolean }} [options] `apps`: also the apps, which are built for it
 */
export const inspectorLooks = async (browser, folder, { apps = false } = {}) => {
  const sites = await openSites();
  try {
    const page = await browser.newPage();
    const shopFolder = join(ROOT, "www/shop");
    const tag = "data-inspect";
    const shop = sites.add("shop", {
      roots: { "/": shopFolder },
      html: (_, text) => text.replace("data-config=", `${tag} data-consent="granted" data-config=`),
    });
    for (const path of ["/boots/harrow-mid", "/boots/kirkstone", "/boots/gillfoot"]) {
      await page.goto(shop.url(path), { waitUntil: "load" });
      await page.waitForFunction(words);
    }
    await write(browser, join(folder, "inspector-shop.png"), await panes(page, "demo shop", shop.url("/")));

    const [stranger] = STRANGERS;
    if (stranger) {
      const spec = served(stranger);
      spec.tag = { "data-consent": "granted", "data-inspect": true };
      const site = sites.add("stranger", spec);
      const rows = await panes(page, "startbootstrap-shop-item", site.url(stranger.where));
      await write(browser, join(folder, "inspector-stranger.png"), rows);
    }

    for (const [name, serve] of apps
      ? /** @type {const} */ ([
          ["react", serveReact],
          ["next", serveNext],
        ])
      : []) {
      const { origin, close } = await serve();
      try {
        const rows = await panes(page, `${name} app`, `${origin}/?reader&tb-inspect`);
        await write(browser, join(folder, `inspector-${name}.png`), rows);
      } finally {
        close();
      }
    }
    await page.close();

    const walk = [];
    for (const [at, fault] of FAULTS.entries()) {
      console.log(fault.fault);
      const context = await browser.createBrowserContext();
      const site = sites.add(`fault${at}`, pageOf(fault));
      /** @param {string} path */
      const open = async (path) => {
        const opened = await context.newPage();
        await opened.setViewport({ width: 1000, height: 700 });
        await opened.goto(site.url(path), { waitUntil: "load" });
        return opened;
      };
      const opened = await open(fault.where ?? "/");
      const tab = tabOf(opened);
      await tab.announced("ready");
      await fault.happens?.(tab, async (path) => tabOf(await open(path)));
      await opened.bringToFront();
      await tab.evaluate(() => window.tailorbird.inspect());
      await opened.waitForFunction(words);
      await look(tab, fault);
      await paneSays(tab, fault.sentence);
      await pause(200);
      const says = `${at + 1}. ${fault.seen}: ${fault.fault}`;
      walk.push({ png: await opened.screenshot({ encoding: "base64" }), width: 1000, height: 700, says });
      await context.close();
    }
    await write(browser, join(folder, "inspector-faults.png"), [{ heading: "ten faults", pictures: walk }]);
  } finally {
    await sites.close();
  }
};
