// WebKitGTK's MiniBrowser on a screen of its own, driven by WebKitWebDriver.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import { Session } from "./webdriver.mjs";

/** @import { ChildProcess } from "node:child_process" */
/** @import { AddressInfo } from "node:net" */
/** @import { BrowserTab, BrowserVisitor, Evaluate, FoundBrowsers, OpenedBrowser, Point, Said } from "./types.js" */

/**
 * A session with its tabs, of which one is current.
 *
 * @typedef {object} SessionState
 * @property {Session} session
 * @property {string} first the window that stays open
 * @property {string} current
 * @property {Set<Tab>} tabs
 */

/** @implements {BrowserTab} */
class Tab {
  /**
   * @param {SessionState} visitor
   * @param {string} handle
   */
  constructor(visitor, handle) {
    this.visitor = visitor;
    this.session = visitor.session;
    this.handle = handle;
    /** @type {"webkit"} */
    this.browser = "webkit";
    /** @type {Said[]} */
    this.earlier = [];
    /** @type {Point} */
    this.at = { x: 400, y: 300 };
  }

  /** As a new tab is. Of this one nothing is left but the entries of its history. */
  async renew() {
    await this.goto("about:blank");
    this.earlier = [];
    this.at = { x: 400, y: 300 };
    await this.viewport(1000, 700);
  }

  async current() {
    if (this.visitor.current === this.handle) return;
    await this.session.post("/window", { handle: this.handle });
    this.visitor.current = this.handle;
  }

  /** @param {string} url */
  async goto(url) {
    this.earlier = await this.heard();
    await this.current();
    await this.session.post("/url", { url });
  }

  /** @type {Evaluate} */
  async evaluate(fn, ...given) {
    await this.current();
    return this.session.evaluate(fn, given);
  }

  /** WebDriver has no console, so the collector in the page tells. */
  async heard() {
    const now = await this.evaluate(() => window.seen?.said ?? []).catch(() => []);
    return [...this.earlier, ...now];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  async move(x, y) {
    await this.current();
    this.at = { x, y };
    await this.session.pointer([{ type: "pointerMove", duration: 60, x: Math.round(x), y: Math.round(y) }]);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  async press(x, y) {
    await this.current();
    this.at = { x, y };
    await this.session.pointer([
      { type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ]);
  }

  /** @param {string} name */
  async key(name, { shift = false } = {}) {
    await this.current();
    await this.session.keys([
      ...(shift ? [["keyDown", "Shift"]] : []),
      ["keyDown", name],
      ["keyUp", name],
      ...(shift ? [["keyUp", "Shift"]] : []),
    ]);
  }

  /** @param {string} text */
  async type(text) {
    await this.current();
    await this.session.keys(
      [...text].flatMap((char) => [
        ["keyDown", char],
        ["keyUp", char],
      ]),
    );
  }

  /** WebDriver refuses to move the pointer out of the viewport. */
  moveOut() {
    return Promise.resolve(false);
  }

  /**
   * The window has a smallest width; what came of it is returned.
   *
   * @param {number} width
   * @param {number} height
   */
  async viewport(width, height) {
    await this.current();
    const size = () => this.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    let inner = await size();
    if (inner.width === width && inner.height === height) return inner;
    const outer = await this.session.get("/window/rect");
    await this.session.post("/window/rect", {
      width: outer.width - inner.width + width,
      height: outer.height - inner.height + height,
    });
    for (let i = 0; i < 20; i += 1) {
      inner = await size();
      if (inner.width === width && inner.height === height) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return inner;
  }

  media() {
    return Promise.resolve(false);
  }

  spoken() {
    return Promise.resolve(null);
  }

  /** @param {string} file */
  async screenshot(file) {
    await this.current();
    await writeFile(file, Buffer.from(await this.session.get("/screenshot"), "base64"));
  }

  async front() {
    await this.current();
  }

  async close() {
    this.visitor.tabs.delete(this);
    await this.current();
    await this.session.remove("/window");
    // A session whose current window is gone opens no other.
    await this.session.post("/window", { handle: this.visitor.first });
    this.visitor.current = this.visitor.first;
  }
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** @param {ChildProcess} child */
const ended = async (child) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
};

/**
 * A driver that answers. `end` ends it and every browser it began: they are a process group.
 *
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 */
const startDriver = async (command, env) => {
  const port = await freePort();
  const child = spawn(command, ["--host=127.0.0.1", `--port=${port}`], { env, stdio: "ignore", detached: true });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    try {
      await Session.command(base, "GET", "/status");
      break;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  const end = async () => {
    try {
      process.kill(-Number(child.pid));
    } catch {
      // It has ended by itself.
    }
    await ended(child);
  };
  return { base, end };
};

/**
 * A session, and its first tab already open.
 *
 * @param {string} base
 * @param {string} browser
 * @param {string} proxy
 */
const openVisitor = async (base, browser, proxy) => {
  const session = await Session.open(base, {
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
    proxy: { proxyType: "manual", httpProxy: proxy, sslProxy: proxy },
  });
  const first = await session.get("/window");
  /** @type {SessionState} */
  const visitor = { session, first, current: first, tabs: new Set() };
  const openTab = async () => {
    // The first window stays empty and open: a session ends with its last window. Another tab of
    // that window would stay hidden, so each tab of a test is a window.
    const { handle } = await session.post("/window/new", { type: "window" });
    const tab = new Tab(visitor, handle);
    visitor.tabs.add(tab);
    await tab.viewport(1000, 700);
    return tab;
  };
  /**
   * A tab that no scene has seen, or that is as a new one is.
   *
   * @type {Tab | null}
   */
  let waiting = await openTab();
  return {
    open: async () => {
      const tab = waiting ?? (await openTab());
      waiting = null;
      return tab;
    },
    /** Closes all tabs but the first, which the next scene begins with. */
    rest: async () => {
      const [first, ...others] = visitor.tabs;
      for (const tab of others) await tab.close();
      await first?.renew();
      waiting = first ?? null;
    },
    close: () => session.remove(""),
  };
};

/**
 * @param {NonNullable<FoundBrowsers["webkit"]>} webkit
 * @param {number} proxyPort
 * @returns {Promise<OpenedBrowser>}
 */
export const openWebKit = async (webkit, proxyPort) => {
  // `-displayfd` lets the X server choose a free display and say which. Without a window manager
  // the window under the pointer has the focus, and the pointer stands in the middle of the screen:
  // small enough to be within every window a test may want.
  const screen = spawn(webkit.xvfb, ["-displayfd", "3", "-screen", "0", "800x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  /** @type {string} */
  const display = await new Promise((resolve, reject) => {
    screen.once("error", reject);
    screen.once("exit", () => reject(new Error(`${webkit.xvfb} ended`)));
    screen.stdio[3]?.once("data", (text) => resolve(String(text).trim()));
  });
  const environment = {
    ...process.env,
    DISPLAY: `:${display}`,
    NO_AT_BRIDGE: "1",
    LIBGL_ALWAYS_SOFTWARE: "1",
    TZ: "UTC",
  };
  let driver = await startDriver(webkit.driver, environment);
  const proxy = `127.0.0.1:${proxyPort}`;
  const fresh = async () => {
    try {
      return await openVisitor(driver.base, webkit.browser, proxy);
    } catch (error) {
      // Now and then a browser never connects to its driver: then both are ended and begun anew, once,
      // before the scene has seen anything of it.
      console.log(`# the WebKit driver is begun anew: ${error}`);
      await driver.end();
      driver = await startDriver(webkit.driver, environment);
      return openVisitor(driver.base, webkit.browser, proxy);
    }
  };
  /**
   * The session of the scene before, all its tabs closed but the first. To begin one takes seconds.
   *
   * @type {BrowserVisitor | null}
   */
  let resting = null;
  return {
    name: "webkit",
    version: "WebKitGTK",
    // MiniBrowser under automation keeps nothing, so a new session is a new device. The driver holds one
    // session at a time. The first visitor of a scene may be the one of the scene before: each scene has
    // sites of its own, so of these no session knows anything.
    visitor: async ({ first = false } = {}) => {
      const rested = resting;
      resting = null;
      if (rested && !first) await rested.close().catch(() => {});
      if (rested && first) return rested;
      const begun = await fresh();
      /** @type {BrowserVisitor} */
      const visitor = {
        open: begun.open,
        close: begun.close,
        rest: async () => {
          await begun.rest();
          resting = visitor;
        },
      };
      return visitor;
    },
    close: async () => {
      await driver.end();
      screen.kill();
      await ended(screen);
    },
  };
};
