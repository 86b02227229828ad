/** A Chromium of its own for a measurement: nothing cached, nothing asked of any other host. */

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";
import { findBrowsers, howToGet } from "../setup.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Measures what is in `dist/`, and closes the browser afterwards.
 *
 * @template Figures
 * @param {(browser: import("puppeteer-core").Browser) => Promise<Figures>} measure
 * @param {readonly string[]} [args]
 */
export const withChromium = async (measure, args = []) => {
  if (!existsSync(join(root, "dist/tailorbird.js"))) throw new Error("dist/ is not built: npm run build");
  const { chromium } = findBrowsers();
  if (!chromium) throw new Error(`chromium is not here: ${howToGet("chromium")}`);
  const profile = await mkdtemp(join(tmpdir(), "tailorbird-bench-"));
  const browser = await puppeteer.launch({
    executablePath: chromium,
    userDataDir: profile,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-default-apps",
      "--no-proxy-server",
      ...args,
    ],
  });
  try {
    return await measure(browser);
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
};
