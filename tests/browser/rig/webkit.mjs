// WebKitGTK's MiniBrowser on a screen of its own, driven by WebKitWebDriver.
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import net from "node:net";
import { Session } from "./webdriver.mjs";

/** The same methods as `puppeteer.mjs`. A session has many tabs and one of them is current. */
class Tab {
  constructor(visitor, handle) {
    this.visitor = visitor;
    this.session = visitor.session;
    this.handle = handle;
    this.browser = "webkit";
    this.earlier = [];
    this.at = { x: 400, y: 300 };
  }

  async current() {
    if (this.visitor.current === this.handle) return;
    await this.session.post("/window", { handle: this.handle });
    this.visitor.current = this.handle;
  }

  async goto(url) {
    this.earlier = await this.heard();
    await this.current();
    await this.session.post("/url", { url });
  }

  async evaluate(fn, ...words) {
    await this.current();
    return this.session.evaluate(fn, words);
  }

  /** WebDriver has no console, so the collector in the page tells. */
  async heard() {
    const now = await this.evaluate(() => (window.seen ? window.seen.said : [])).catch(() => []);
    return [...this.earlier, ...now];
  }

  async move(x, y) {
    await this.current();
    this.at = { x, y };
    await this.session.pointer([{ type: "pointerMove", duration: 60, x: Math.round(x), y: Math.round(y) }]);
  }

  async press(x, y) {
    await this.current();
    this.at = { x, y };
    await this.session.pointer([
      { type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ]);
  }

  async key(name, { shift = false } = {}) {
    await this.current();
    const around = (inner) => (shift ? [["keyDown", "Shift"], ...inner, ["keyUp", "Shift"]] : inner);
    await this.session.keys(
      around([
        ["keyDown", name],
        ["keyUp", name],
      ]),
    );
  }

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
  async moveOut() {
    return false;
  }

  /** The window has a smallest width; what came of it is returned. */
  async viewport(width, height) {
    await this.current();
    const size = () => this.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    let outer = await this.session.get("/window/rect");
    let inner = await size();
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

  async media() {
    return false;
  }

  async spoken() {
    return null;
  }

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

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once("exit", resolve));

/** A driver that answers. `end` ends it and every browser it began: they are a process group. */
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
      process.kill(-child.pid);
    } catch {
      // It has ended by itself.
    }
    await ended(child);
  };
  return { base, end };
};

/** A session, and its first tab already open. */
const openVisitor = async (base, browser, proxy) => {
  const session = await Session.open(base, {
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
    proxy: { proxyType: "manual", httpProxy: proxy, sslProxy: proxy },
  });
  const first = await session.get("/window");
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
  let ready = await openTab();
  return Object.assign(visitor, {
    open: async () => {
      const tab = ready ?? (await openTab());
      ready = null;
      return tab;
    },
    closeTabs: async () => {
      ready = null;
      for (const tab of visitor.tabs) await tab.close();
    },
    close: () => session.remove(""),
  });
};

export const openWebKit = async ({ webkit }, proxyPort) => {
  // `-displayfd` lets the X server choose a free display and say which. Without a window manager
  // the window under the pointer has the focus, and the pointer stands in the middle of the screen:
  // small enough to be within every window a test may want.
  const screen = spawn(webkit.xvfb, ["-displayfd", "3", "-screen", "0", "800x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = await new Promise((resolve, reject) => {
    screen.once("error", reject);
    screen.once("exit", () => reject(new Error(`${webkit.xvfb} ended`)));
    screen.stdio[3].once("data", (text) => resolve(String(text).trim()));
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
      console.log(`# the WebKit driver is begun anew: ${error.message}`);
      await driver.end();
      driver = await startDriver(webkit.driver, environment);
      return openVisitor(driver.base, webkit.browser, proxy);
    }
  };
  /** The session of the scene before, its tabs closed. To begin one takes seconds. */
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
      const visitor = rested && first ? rested : await fresh();
      visitor.rest = async () => {
        await visitor.closeTabs();
        resting = visitor;
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
