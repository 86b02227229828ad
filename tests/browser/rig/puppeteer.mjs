// Chromium (by its own protocol) and Firefox (by WebDriver BiDi) behind the rig's interface.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";

/** @import { CDPSession, KeyInput, LaunchOptions, Page } from "puppeteer-core" */
/** @import { BrowserName, BrowserTab, BrowserVisitor, Evaluate, OpenedBrowser, Said } from "./types.js" */

const SETTLED = 10_000;

/** @implements {BrowserTab} */
class Tab {
  /**
   * @param {Page} page
   * @param {BrowserName} name
   */
  constructor(page, name) {
    this.page = page;
    this.browser = name;
    /** @type {Said[]} */
    this.said = [];
    /** @type {CDPSession | undefined} */
    this.protocol = undefined;
    this.at = { x: 400, y: 300 };
    this.prefers = false;
    /** Whether the focus may be in the browser's own bars, from which none of its protocols takes it back. */
    this.hasTabbed = false;
    page.on("console", (message) => {
      this.said.push({ kind: message.type() === "warn" ? "warning" : message.type(), text: message.text() });
    });
    page.on("pageerror", (error) => {
      this.said.push({ kind: "exception", text: error instanceof Error ? error.message : String(error) });
    });
    page.on("dialog", (dialog) => void dialog.accept());
  }

  /** As a new tab is. Of this one nothing is left but the entries of its history. */
  async renew() {
    await this.goto("about:blank");
    if (this.prefers) await this.page.emulateMediaFeatures([]);
    this.prefers = false;
    await this.page.mouse.reset();
    this.said = [];
    this.at = { x: 400, y: 300 };
    await this.viewport(1000, 700);
    await this.front();
  }

  /** @param {string} url */
  async goto(url) {
    await this.page.goto(url, { waitUntil: "load", timeout: SETTLED });
  }

  /** @type {Evaluate} */
  evaluate(fn, ...given) {
    // Puppeteer's own type also speaks of handles to what is in the page.
    const page = /** @type {{ evaluate: Evaluate }} */ (this.page);
    return page.evaluate(fn, ...given);
  }

  heard() {
    return Promise.resolve(this.said);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  async move(x, y) {
    this.at = { x, y };
    await this.page.mouse.move(x, y, { steps: 3 });
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  async press(x, y) {
    this.at = { x, y };
    await this.page.mouse.click(x, y);
  }

  /** @param {string} name */
  async key(name, { shift = false } = {}) {
    this.hasTabbed ||= name === "Tab";
    if (shift) await this.page.keyboard.down("Shift");
    await this.page.keyboard.press(/** @type {KeyInput} */ (name));
    if (shift) await this.page.keyboard.up("Shift");
  }

  /** @param {string} text */
  async type(text) {
    await this.page.keyboard.type(text);
  }

  /**
   * Moves the pointer out of the page; `false` where only an event of our own making can say so.
   *
   * @param {number} x
   * @param {number} y
   */
  async moveOut(x, y) {
    if (this.browser !== "chromium") return false;
    await this.page.mouse.move(x, y);
    return true;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  async viewport(width, height) {
    if (this.browser === "chromium") {
      // `setViewport` also sets touch emulation, and with that takes the mouse away.
      this.protocol ??= await this.page.createCDPSession();
      await this.protocol.send("Emulation.setDeviceMetricsOverride", {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      });
    } else {
      await this.page.setViewport({ width, height });
    }
    return { width, height };
  }

  /** Back to the window's own size: Chromium renders nothing ahead of a page whose size is emulated. */
  async ownViewport() {
    await this.protocol?.detach();
    this.protocol = undefined;
  }

  async media({ dark = false, calm = false }) {
    if (this.browser !== "chromium") return false;
    this.prefers = true;
    await this.page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      { name: "prefers-reduced-motion", value: calm ? "reduce" : "no-preference" },
    ]);
    return true;
  }

  /** @param {string} selector */
  async spoken(selector) {
    if (this.browser !== "chromium") return null;
    const element = await this.page.$(selector);
    return element && (await this.page.accessibility.snapshot({ root: element, interestingOnly: false }));
  }

  /** @param {string} file */
  async screenshot(file) {
    await this.page.screenshot({ path: /** @type {`${string}.png`} */ (file) });
  }

  async front() {
    await this.page.bringToFront();
  }

  async close() {
    await this.page.close();
  }
}

/**
 * @param {BrowserName} name
 * @param {LaunchOptions} options
 * @returns {Promise<OpenedBrowser>}
 */
const open = async (name, options) => {
  const profile = await mkdtemp(path.join(os.tmpdir(), "tailorbird-browser-"));
  // Hours of the day are part of a decision, so every machine lives in one zone.
  const env = { ...process.env, TZ: "UTC" };
  const browser = await puppeteer.launch({
    userDataDir: profile,
    headless: true,
    defaultViewport: null,
    protocolTimeout: 60_000,
    env,
    ...options,
  });
  /**
   * The visitor of the scene before, all tabs closed but the first. To begin a device, or a tab, takes longer than
   * many a scene.
   *
   * @type {BrowserVisitor | null}
   */
  let resting = null;
  return {
    name,
    version: await browser.version(),
    // A visitor on a device of their own. The first one of a scene may be the one of the scene before: each scene has
    // sites of its own, so of these no device knows anything.
    visitor: async ({ first = false } = {}) => {
      if (first && resting) {
        const rested = resting;
        resting = null;
        return rested;
      }
      const context = await browser.createBrowserContext();
      /**
       * The tab of the scene before, as a new one is.
       *
       * @type {Tab | null}
       */
      let waiting = null;
      /**
       * The first tab of this scene.
       *
       * @type {Tab | null}
       */
      let opened = null;
      /** @type {BrowserVisitor} */
      const visitor = {
        open: async () => {
          if (waiting) {
            opened = waiting;
            waiting = null;
            return opened;
          }
          const tab = new Tab(await context.newPage(), name);
          await tab.viewport(1000, 700);
          opened ??= tab;
          return tab;
        },
        close: () => context.close(),
        rest: async () => {
          if (resting) return context.close();
          const kept = opened && !opened.hasTabbed && !opened.page.isClosed() ? opened : null;
          for (const page of await context.pages()) if (page !== kept?.page) await page.close();
          await kept?.renew();
          [waiting, opened] = [kept, null];
          resting = visitor;
        },
      };
      return visitor;
    },
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/**
 * @param {string} executablePath
 * @param {number} proxyPort
 */
export const openChromium = (executablePath, proxyPort) =>
  open("chromium", {
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-default-apps",
      "--disable-features=OptimizationHints,MediaRouter,Translate",
      `--proxy-server=127.0.0.1:${proxyPort}`,
      // Without this Chromium goes round the proxy for every loopback name.
      "--proxy-bypass-list=<-loopback>",
      // Headless has no mouse; exit intent is for those who have one.
      "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    ],
  });

/**
 * @param {string} executablePath
 * @param {number} proxyPort
 */
export const openFirefox = (executablePath, proxyPort) =>
  open("firefox", {
    browser: "firefox",
    executablePath,
    extraPrefsFirefox: {
      "network.proxy.type": 1,
      "network.proxy.http": "127.0.0.1",
      "network.proxy.http_port": proxyPort,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": proxyPort,
      "network.proxy.no_proxies_on": "",
      "network.proxy.allow_hijacking_localhost": true,
      "network.dns.disablePrefetch": true,
      // Hover (4) and a fine pointer (2), which headless Firefox denies having.
      "ui.primaryPointerCapabilities": 6,
      "ui.allPointerCapabilities": 6,
    },
  });
