// One interface over three browsers. A test file calls `rig()` once and then tells scenes:
//
//     const {scene} = await rig();
//     scene("a visitor who looked at boots reads about boots", async ({site, open}) => {
//       const shop = site({config, body, tag: {"data-consent": "granted"}});
//       const tab = await open(shop.url("/"));
//       ...
//     });
//
// After each scene the rig itself judges what every test must hold: all requests went through the
// proxy, none went elsewhere, all of them were for files of the site, and the console is silent.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import test, { after } from "node:test";
import { isKnownMessage } from "../../../scripts/docs/messages.mjs";
import { setTimeout as pause } from "node:timers/promises";
import { findBrowsers } from "../../../scripts/setup.mjs";
import { openProxy } from "./proxy.mjs";
import { openChromium, openFirefox } from "./puppeteer.mjs";
import { openSites, ROOT } from "./site.mjs";
import { openWebKit } from "./webkit.mjs";

/** @import { BrowserName, BrowserTab, BrowserVisitor, OpenedBrowser, Rig, Scene, SceneOptions, Site, Tab, Tell, Visitor } from "./types.js" */

/** @type {readonly BrowserName[]} */
const BROWSERS = ["chromium", "firefox", "webkit"];

/**
 * The engine's own messages in what the console said: a warning of the config has one a line.
 *
 * @param {{ kind: string, text: string }} said
 */
const messagesOf = ({ kind, text }) => {
  const [, own] = (kind === "warning" && /^tailorbird: ([^]*)$/.exec(text)) || [];
  return own === undefined ? [] : own.split("\n").map((line) => line.trim());
};

/**
 * @param {BrowserName} name
 * @param {number} proxyPort
 * @returns {Promise<OpenedBrowser>}
 */
const openBrowser = async (name, proxyPort) => {
  const { chromium, firefox, webkit } = findBrowsers();
  if (name === "chromium" && chromium) return openChromium(chromium, proxyPort);
  if (name === "firefox" && firefox) return openFirefox(firefox, proxyPort);
  if (name === "webkit" && webkit) return openWebKit(webkit, proxyPort);
  throw new Error(`${name} is not on this machine`);
};

/**
 * The first announcement of that name; runs in the page.
 *
 * @param {string} wanted
 */
const announcement = (wanted) => window.seen.events.find((event) => event.name === wanted);

/** Runs in the page: notes whether a press arrives. */
const expectPress = () => {
  window.pressed = false;
  const note = () => {
    window.pressed = true;
  };
  addEventListener("pointerdown", note, { capture: true, once: true });
};

/** Runs in the page: whether none has arrived within a second. On another page nothing is expected. */
const isPressMissed = async () => {
  for (let wait = 0; window.pressed === false && wait < 20; wait += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return window.pressed === false;
};

/**
 * What every tab can do besides the browser's own methods, all made from those.
 *
 * @param {BrowserTab} given
 * @returns {Tab}
 */
const grown = (given) => {
  const tab = /** @type {Tab} */ (given);
  return Object.assign(
    tab,
    /** @type {Omit<Tab, keyof BrowserTab>} */ ({
      /** Asks the page again and again until `fn(...words)` answers something true. */
      until: async (fn, ...words) => {
        const deadline = Date.now() + 30_000;
        for (let wait = 20; ; wait = Math.min(wait * 1.5, 150)) {
          // A page that is being left cannot be asked.
          const answer = await tab.evaluate(fn, ...words).catch((error) => {
            if (!/navigation|context|destroyed|unload|no such/i.test(error.message)) throw error;
          });
          if (answer) return answer;
          if (Date.now() > deadline) {
            const state = await tab
              .evaluate(() =>
                JSON.stringify({
                  events: window.seen?.events.slice(-12),
                  said: window.seen?.said.slice(-5),
                  violations: window.seen?.violations,
                }),
              )
              .catch(String);
            throw new Error(`never came true: ${fn} ${JSON.stringify(words)}\nthe page saw ${state}`);
          }
          await pause(wait);
        }
      },
      /** The detail of the first announcement of that name, waited for. */
      announced: (name) => tab.until(announcement, name).then((event) => event.detail),
      /** All details of that name so far. */
      announcements: (name) =>
        tab.evaluate(
          (wanted) => window.seen.events.filter((event) => event.name === wanted).map((event) => event.detail),
          name,
        ),
      text: (selector) =>
        tab.evaluate((wanted) => document.querySelector(wanted)?.textContent.trim() ?? null, selector),
      /** The engine has started or has given up. */
      started: () =>
        tab.until(() => window.seen.events.some((event) => event.name === "ready" || event.name === "unavailable")),
      click: async (selector) => {
        const at = await tab.until(async (wanted) => {
          const element = document.querySelector(wanted);
          if (!element) return null;
          element.scrollIntoView({ block: "center", behavior: "instant" });
          // The browser scrolls what the pointer meets with the next frame; a tab in the background has none.
          await new Promise((resolve) => {
            requestAnimationFrame(() => requestAnimationFrame(resolve));
            setTimeout(resolve, 200);
          });
          const box = element.getBoundingClientRect();
          return box.width > 0 && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        }, selector);
        // What the pointer meets is known to Firefox's parent process a moment after the page was painted, which on a
        // busy machine is long: a press that nothing has met is repeated.
        await tab.evaluate(expectPress).catch(() => {});
        await tab.press(at.x, at.y);
        if (await tab.evaluate(isPressMissed).catch(() => false)) await tab.press(at.x, at.y);
      },
      /** Ten seconds, unless told, of a visitor who is there, on a page whose clock the test holds. */
      engage: (seconds = 10) =>
        tab.evaluate(async (count) => {
          for (let i = 0; i < count; i += 1) {
            window.clock.advance(1_000);
            document.dispatchEvent(new Event("scroll", { bubbles: true }));
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        }, seconds),
      /** The mouse goes up and out through the top edge, as towards the tab strip. */
      exitTop: async ({ x = 300 } = {}) => {
        await tab.front();
        for (const y of [400, 320, 240, 160, 80, 30, 4]) await tab.move(x, y);
        if (await tab.moveOut(x, -10)) return;
        await tab.evaluate((clientX) => {
          const from = document.elementFromPoint(clientX, 1) ?? document.documentElement;
          const about = {
            bubbles: true,
            cancelable: true,
            composed: true,
            view: window,
            clientX,
            clientY: -6,
            relatedTarget: null,
          };
          from.dispatchEvent(new PointerEvent("pointerout", { ...about, pointerType: "mouse", isPrimary: true }));
          document.documentElement.dispatchEvent(
            new PointerEvent("pointerleave", { ...about, bubbles: false, pointerType: "mouse" }),
          );
          from.dispatchEvent(new MouseEvent("mouseout", about));
          document.documentElement.dispatchEvent(new MouseEvent("mouseleave", { ...about, bubbles: false }));
        }, x);
      },
      picture: async (name) => {
        const folder = path.join(ROOT, "test-results");
        mkdirSync(folder, { recursive: true });
        // What comes in with a movement has come to rest.
        await pause(250);
        await tab.screenshot(path.join(folder, `${name}-${tab.browser}.png`));
      },
    }),
  );
};

/** Opens the browser named by `BROWSER`, behind the proxy, until all tests of this process are over. */
const open = async () => {
  const wanted = process.env.BROWSER ?? "chromium";
  const browser = BROWSERS.find((name) => name === wanted);
  if (!browser) throw new Error(`BROWSER is ${wanted}, expected one of ${BROWSERS.join(", ")}`);
  const sites = await openSites();
  const proxy = await openProxy(sites.port);
  const opened = await openBrowser(browser, proxy.port);
  after(async () => {
    await opened.close();
    await proxy.close();
    await sites.close();
  });
  return { browser, sites, proxy, opened };
};

/**
 * What all test files of this process share: to begin a browser takes seconds.
 *
 * @type {ReturnType<typeof open> | undefined}
 */
let shared;
/**
 * The scenes named by `SCENES`, a list in JSON; all where it is missing.
 *
 * @type {readonly string[] | null}
 */
const chosen = process.env.SCENES ? JSON.parse(process.env.SCENES) : null;
/** How many sites there were: each has a host of its own, of which no storage knows. */
let count = 0;

/**
 * The browser named by `BROWSER`, for the scenes of a test file.
 *
 * @returns {Promise<Rig>}
 */
export const rig = async () => {
  const { browser, sites, proxy, opened } = await (shared ??= open());

  /**
   * One test. `allow` lists what the console may say and which requests and hosts may be missed:
   * `{said: [RegExp], missing: [path], forms: [path], hosts: [host]}`.
   *
   * @type {Scene}
   */
  const scene = (
    /** @type {string} */ name,
    /** @type {SceneOptions | Tell} */ given,
    /** @type {Tell | undefined} */ last = undefined,
  ) => {
    if (chosen && !chosen.includes(name)) return;
    const [options, tell] = typeof given === "function" ? [{}, given] : [given, last];
    if (!tell) throw new Error(`the scene "${name}" has no function`);
    const { said = [], missing = [], forms = [], hosts = [], timeout = 120_000 } = options;
    test(name, { timeout }, async () => {
      const refusedBefore = proxy.refused.length;
      /** @type {Site[]} */
      const made = [];
      /** @type {Tab[]} */
      const tabs = [];
      /** @type {BrowserVisitor[]} */
      const visitors = [];
      /** @returns {Promise<Visitor>} */
      const visitor = async () => {
        // The WebKit driver holds one session, so the visitor before must have gone.
        if (browser === "webkit") {
          for (const tab of tabs) tab.gone ??= await tab.heard().catch(() => tab.earlier);
          for (const earlier of visitors.splice(0)) await earlier.close();
        }
        const fresh = await opened.visitor({ first: visitors.length === 0 && tabs.length === 0 });
        visitors.push(fresh);
        return {
          open: async (url) => {
            const tab = grown(await fresh.open());
            tab.gone = undefined;
            tabs.push(tab);
            if (url) await tab.goto(url);
            return tab;
          },
        };
      };
      /** @type {Visitor | undefined} */
      let first;
      let well = false;
      try {
        await tell({
          browser,
          /** A site of this scene; see `site.mjs`. */
          site: (spec) => {
            count += 1;
            const site = sites.add(`s${count}`, spec);
            made.push(site);
            return site;
          },
          visitor,
          /** A tab of the scene's first visitor. */
          open: async (url) => {
            first ??= await visitor();
            return first.open(url);
          },
        });
        for (const tab of tabs) {
          const heard = tab.gone ?? (await tab.heard().catch(() => tab.earlier ?? []));
          assert.deepEqual(
            heard.flatMap(messagesOf).filter((text) => !isKnownMessage(text)),
            [],
            "docs/messages.json has it",
          );
          // A page without an icon is asked for one by the browser itself, which a policy may forbid. A table is printed
          // only for a developer who asks for it.
          const loud = heard.filter(
            ({ kind, text }) =>
              kind !== "table" && !/favicon\.ico/.test(text) && !said.some((pattern) => pattern.test(text)),
          );
          assert.deepEqual(loud, [], "the console is silent");
        }
        for (const site of made) {
          assert.deepEqual(
            site.requests.filter((request) => request.bypassed),
            [],
            "every request went through the proxy",
          );
          const strange = site.requests.filter(
            (request) =>
              (request.unknown && !missing.includes(request.path)) ||
              ((request.method !== "GET" || request.bytes > 0) && !forms.includes(request.path)) ||
              (request.query !== "" && site.engineRequests().includes(request.path)),
          );
          assert.deepEqual(strange, [], "every request was for a file of the site, and carried nothing");
        }
        const elsewhere = proxy.refused
          .slice(refusedBefore)
          .filter(({ vendor, host }) => !vendor && !hosts.includes(host));
        assert.deepEqual(elsewhere, [], "nothing was asked of any other host");
        well = true;
      } finally {
        for (const each of visitors) {
          const rested =
            well &&
            each.rest &&
            (await each.rest().then(
              () => true,
              () => false,
            ));
          if (!rested) await each.close().catch(() => {});
        }
      }
    });
  };

  return { browser, scene };
};
