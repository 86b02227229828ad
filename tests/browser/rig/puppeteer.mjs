// Chromium (by its own protocol) and Firefox (by WebDriver BiDi) behind the rig's interface.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";

const SETTLED = 10_000;

/** One tab. The same methods as `webkit.mjs`; what a browser cannot do answers `false`. */
class Tab {
  constructor(page, name) {
    this.page = page;
    this.browser = name;
    /** What the console and the page's own errors said: `{kind, text}`. */
    this.said = [];
    this.at = { x: 400, y: 300 };
    page.on("console", (message) => {
      this.said.push({ kind: message.type() === "warn" ? "warning" : message.type(), text: message.text() });
    });
    page.on("pageerror", (error) => this.said.push({ kind: "exception", text: String(error.message ?? error) }));
    page.on("dialog", (dialog) => void dialog.accept());
  }

  async goto(url) {
    await this.page.goto(url, { waitUntil: "load", timeout: SETTLED });
  }

  evaluate(fn, ...words) {
    return this.page.evaluate(fn, ...words);
  }

  async heard() {
    return this.said;
  }

  async move(x, y) {
    this.at = { x, y };
    await this.page.mouse.move(x, y, { steps: 3 });
  }

  async press(x, y) {
    this.at = { x, y };
    await this.page.mouse.click(x, y);
  }

  async key(name, { shift = false } = {}) {
    if (shift) await this.page.keyboard.down("Shift");
    await this.page.keyboard.press(name);
    if (shift) await this.page.keyboard.up("Shift");
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Moves the pointer out of the page; `false` where only an event of our own making can say so. */
  async moveOut(x, y) {
    if (this.browser !== "chromium") return false;
    await this.page.mouse.move(x, y);
    return true;
  }

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

  async media({ dark = false, calm = false }) {
    if (this.browser !== "chromium") return false;
    await this.page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      { name: "prefers-reduced-motion", value: calm ? "reduce" : "no-preference" },
    ]);
    return true;
  }

  /** Name and role of the open dialog as assistive technology gets them; `null` elsewhere. */
  async spoken(selector) {
    if (this.browser !== "chromium") return null;
    const element = await this.page.$(selector);
    return element && (await this.page.accessibility.snapshot({ root: element, interestingOnly: false }));
  }

  async screenshot(file) {
    await this.page.screenshot({ path: file });
  }

  async front() {
    await this.page.bringToFront();
  }

  async close() {
    await this.page.close();
  }
}

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
  return {
    name,
    version: await browser.version(),
    /** A visitor on a device of their own: nothing kept, nothing shared with another visitor. */
    visitor: async () => {
      const context = await browser.createBrowserContext();
      return {
        open: async () => {
          const tab = new Tab(await context.newPage(), name);
          await tab.viewport(1000, 700);
          return tab;
        },
        close: () => context.close(),
      };
    },
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

export const openChromium = (found, proxyPort) =>
  open("chromium", {
    executablePath: found.chromium,
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

export const openFirefox = (found, proxyPort) =>
  open("firefox", {
    browser: "firefox",
    executablePath: found.firefox,
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
