/** The picture in the README: the demo shop as the server sent it, and after three looks at boots. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { serveShop } from "../serve.mjs";
import { findBrowsers, howToGet } from "../setup.mjs";

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
 * Writes the picture to `file`, from what is in `dist/`.
 *
 * @param {URL} file
 */
export const takePicture = async (file) => {
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
    await tab.setViewport({ width: WIDTH, height: HEIGHT, deviceScaleFactor: 1 });
    // The shop has seasons.
    await tab.evaluateOnNewDocument(
      (now) => {
        Date.now = () => now;
      },
      Date.UTC(2026, 4, 18, 10),
    );
    const look = async () => {
      await tab.goto(shop.url, { waitUntil: "networkidle0" });
      await tab.waitForFunction(() => window.tailorbird?.available);
      await tab.addStyleTag({ content: "#consent, .consent { display: none !important; }" });
      return tab.screenshot({ encoding: "base64" });
    };
    const before = await look();
    await tab.evaluate(() => {
      for (const item_id of ["b-1", "b-2", "b-3"]) {
        window.tailorbird.track("view_item", { items: [{ item_id, item_category: "boots" }] });
      }
    });
    await tab.waitForFunction(() => /boots/i.test(document.querySelector("h1")?.textContent ?? ""));
    await tab.waitForNetworkIdle();
    const after = await tab.screenshot({ encoding: "base64" });
    await tab.setViewport({ width: 2 * WIDTH + 76, height: HEIGHT + 90, deviceScaleFactor: 1 });
    await tab.setContent(page([figure("As the server sent it", before), figure("After three looks at boots", after)]));
    await tab.screenshot({ path: fileURLToPath(file), fullPage: true });
  } finally {
    await browser.close();
    await shop.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
};
