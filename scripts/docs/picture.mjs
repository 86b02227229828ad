/** The pictures in the README and in `docs/`, from the demo shop and what is in `dist/`. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { serveShop } from "../serve.mjs";
import { findBrowsers, howToGet } from "../setup.mjs";

/** @import { Page } from "puppeteer-core" */

const WIDTH = 720;
const HEIGHT = 780;

/**
 * @param {string} caption
 * @param {string} png
 */
const figure = (caption, png) =>
  `<figure><img src="data:image/png;base64,${png}" width="${WIDTH}" height="${HEIGHT}"><figcaption>${caption}</figcaption></figure>`;

/** @param {readonly string[]} figures */
const page = (figures) => `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; display: flex; gap: 24px; padding: 24px; background: #fff; font: 22px system-ui, sans-serif; }
  figure { margin: 0; }
  img { display: block; border: 1px solid #bbb; border-radius: 8px; }
  figcaption { padding-top: 12px; text-align: center; color: #333; }
</style>${figures.join("")}`;

/**
 * A tab of a browser in which the demo shop is served, on a day in May: the shop has seasons.
 *
 * @param {{ width: number, height: number }} size
 * @param {(tab: Page, open: (path: string) => Promise<void>) => Promise<void>} work
 */
const inShop = async (size, work) => {
  const { chromium } = findBrowsers();
  if (!chromium) throw new Error(`chromium is not here: ${howToGet("chromium")}`);
  const shop = await serveShop(0);
  const profile = await mkdtemp(join(tmpdir(), "tailorbird-picture-"));
  const browser = await puppeteer.launch({
    executablePath: chromium,
    userDataDir: profile,
    args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
  });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ ...size, deviceScaleFactor: 1 });
    await tab.evaluateOnNewDocument(
      (now) => {
        Date.now = () => now;
      },
      Date.UTC(2026, 4, 18, 10),
    );
    await work(tab, async (path) => {
      await tab.goto(new URL(path, shop.url).href, { waitUntil: "networkidle0" });
      await tab.waitForFunction(() => window.tailorbird?.available);
      await tab.addStyleTag({ content: "#consent, .consent { display: none !important; }" });
    });
  } finally {
    await browser.close();
    await shop.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
};

/**
 * Somebody looks at three pairs of boots, and the page follows.
 *
 * @param {Page} tab
 */
const lookAtBoots = async (tab) => {
  await tab.evaluate(() => {
    for (const item_id of ["b-1", "b-2", "b-3"]) {
      window.tailorbird.track("view_item", { items: [{ item_id, item_category: "boots" }] });
    }
  });
  await tab.waitForFunction(() => /boots/i.test(document.querySelector("h1")?.textContent ?? ""));
  await tab.waitForNetworkIdle();
};

/**
 * Writes the picture of the README to `file`: the shop as the server sent it, and after three looks at boots.
 *
 * @param {URL} file
 */
export const takeShop = (file) =>
  inShop({ width: WIDTH, height: HEIGHT }, async (tab, open) => {
    await open("");
    const before = await tab.screenshot({ encoding: "base64" });
    await lookAtBoots(tab);
    const after = await tab.screenshot({ encoding: "base64" });
    await tab.setViewport({ width: 2 * WIDTH + 76, height: HEIGHT + 90, deviceScaleFactor: 1 });
    await tab.setContent(page([figure("As the server sent it", before), figure("After three looks at boots", after)]));
    await tab.screenshot({ path: fileURLToPath(file), fullPage: true });
  });

/**
 * Writes the picture of the inspector to `file`: its first pane, after three looks at boots.
 *
 * @param {URL} file
 */
export const takeInspector = (file) =>
  inShop({ width: 1280, height: HEIGHT }, async (tab, open) => {
    await open("?tb-inspect");
    await lookAtBoots(tab);
    await tab.screenshot({ path: fileURLToPath(file) });
  });
