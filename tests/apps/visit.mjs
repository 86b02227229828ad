// Chromium on one of the apps, and what each of them must do. All have the same page: see `react_parts.jsx`.
import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import { after, test } from "node:test";
import puppeteer from "puppeteer-core";
import { findBrowsers, howToGet } from "../../scripts/setup.mjs";
import { BOOTS, DEFAULT } from "./config.mjs";

/** @import { Page } from "puppeteer-core" */

/** A server that runs: its address, and what ends it. @typedef {{ origin: string, close: () => unknown }} Served */

/** @returns {Promise<number>} */
export const freePort = async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((done) => server.close(done));
  return port;
};

/**
 * Runs in the page before everything else: keeps what the engine announces, and each text of a slot that a visitor
 * could have seen.
 */
const collect = () => {
  /** @type {typeof window.log} */
  const seen = { events: [], frames: [], late: [] };
  Object.assign(window, { log: seen });
  for (const name of ["decision", "impression", "unavailable", "duplicate", "conflict", "stop"])
    document.addEventListener(`tailorbird:${name}`, (event) => {
      seen.events.push([name, /** @type {CustomEvent} */ (event).detail]);
    });
  const look = () => {
    const text = document.querySelector("#app h1")?.textContent ?? "nothing";
    if (seen.frames.at(-1) !== text) seen.frames.push(text);
    const late = `${document.querySelector("#app #late")?.textContent ?? "nothing"}, above it ${text}`;
    if (seen.late.at(-1) !== late) seen.late.push(late);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

/** @param {string} html */
const written = (html) => html.replace(/<!--.*?-->/gs, "");

/**
 * Tests one app. `serve` builds it and answers with where it is served.
 *
 * @param {string} name
 * @param {() => Promise<Served>} serve
 * @param {{ loads?: number, late?: "sent" | "hydrated" }} [about] how often it is loaded; and what happens to a part of
 *   it only when the rest has its variant
 */
export const testApp = (name, serve, { loads = 3, late } = {}) => {
  const { chromium } = findBrowsers();
  if (!chromium) {
    test(`${name}`, { skip: howToGet("chromium") }, () => {});
    return;
  }
  /** @type {Promise<{ served: Served, browser: import("puppeteer-core").Browser }> | undefined} */
  let opened;
  const open = () =>
    (opened ??= (async () => {
      const [served, browser] = await Promise.all([
        serve(),
        puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] }),
      ]);
      return { served, browser };
    })());
  after(async () => {
    const { served, browser } = (await opened) ?? {};
    await browser?.close();
    await served?.close();
  });

  /**
   * A visitor with a device of their own. Afterwards nothing may have been said, and nothing asked of others.
   *
   * @param {(page: Page, origin: string) => Promise<void>} tell
   */
  const visit = async (tell) => {
    const { served, browser } = await open();
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    /** @type {string[]} */
    const loud = [];
    page.on("console", (message) => {
      const isUsual =
        /Download the React DevTools/.test(message.text()) || /favicon/.test(message.location().url ?? "");
      if (!isUsual) loud.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => loud.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(served.origin) && !/^(data|blob):/.test(request.url())) loud.push(request.url());
    });
    await page.evaluateOnNewDocument(collect);
    try {
      await tell(page, served.origin);
      assert.deepEqual(loud, [], "the console is silent, and nobody else is asked");
    } finally {
      await context.close();
    }
  };

  /**
   * @param {Page} page
   * @param {string} selector
   * @param {string} text
   */
  const shows = (page, selector, text) =>
    page
      .waitForFunction(
        (selector, text) => document.querySelector(selector)?.textContent?.includes(text),
        { timeout: 10_000 },
        selector,
        text,
      )
      .catch(async () => {
        const html = await page.evaluate(() => document.querySelector("#app")?.innerHTML);
        assert.fail(`${selector} never shows "${text}"\n${html}\n${JSON.stringify(await events(page))}`);
      });
  /** @param {Page} page @returns {Promise<[string, any][]>} */
  const events = (page) => page.evaluate(() => window.log.events);
  /** @param {Page} page */
  const counts = (page) =>
    page.evaluate(() =>
      Object.fromEntries(
        /** @type {{ slot: string, variant: string | null, exposures: number, impressions: number }[]} */ (
          /** @type {unknown} */ (window.engine?.export().counts ?? [])
        ).map(({ slot, variant, exposures, impressions }) => [`${slot} ${variant}`, [exposures, impressions]]),
      ),
    );

  test(`${name}: who sees the default has after hydration what the server sent`, { timeout: 180_000 }, async () => {
    await visit(async (page, origin) => {
      await page.goto(`${origin}/`);
      await shows(page, "#layout", "default");
      await page.waitForSelector('[data-tb-slot="hero"]');
      const [sent, hydrated] = await page.evaluate(async () => {
        const html = await (await fetch(location.href)).text();
        /** @param {Document} document */
        const parts = (document) =>
          ["#shop .hero", "#late h2"].map((part) => document.querySelector(part)?.innerHTML ?? "");
        return [parts(new DOMParser().parseFromString(html, "text/html")), parts(document)];
      });
      assert.deepEqual(hydrated.map(written), sent.map(written));
      assert.ok(sent[0]?.includes(DEFAULT));
      assert.equal(sent[1] !== "", !!late);
      assert.deepEqual(await page.evaluate(() => window.log.frames.filter((text) => text.includes("boots"))), []);
    });
  });

  test(
    `${name}: the variant comes after hydration, ${loads} times without an error`,
    { timeout: 180_000 },
    async () => {
      for (let load = 0; load < loads; load++) {
        await visit(async (page, origin) => {
          await page.goto(`${origin}/?reader`, { waitUntil: "domcontentloaded" });
          await shows(page, "#shop h1", BOOTS);
          if (late) await shows(page, "#late h2", BOOTS);
          await shows(page, "#layout", "boots");
          await shows(page, "#checkout", "express");
          const heard = (await events(page)).map(([event]) => event).filter((event) => event != "decision");
          assert.deepEqual(
            heard.filter((event) => event != "impression"),
            [],
          );
        });
      }
    },
  );

  if (late) {
    test(`${name}: what is ${late} late is decided late, and stays as it is until then`, async () => {
      await visit(async (page, origin) => {
        await page.goto(`${origin}/?reader&slow`, { waitUntil: "domcontentloaded" });
        await shows(page, "#late h2", BOOTS);
        const frames = await page.evaluate(() => window.log.late);
        const isLate = frames.some(
          (frame) =>
            frame.includes(`above it ${BOOTS}`) && frame.startsWith(late == "sent" ? "nothing" : `${DEFAULT}, above`),
        );
        assert.ok(isLate, frames.join(" | "));
        // A boundary that is updated before it is hydrated must not fall back to what it shows while it loads.
        const gone = frames.slice(1).filter((frame) => late == "hydrated" && frame.startsWith("nothing"));
        assert.deepEqual(gone, []);
      });
    });
  }

  test(`${name}: show, render again, navigate, take away, revert and stop`, { timeout: 120_000 }, async () => {
    await visit(async (page, origin) => {
      await page.goto(`${origin}/?reader`);
      await shows(page, "#shop h1", BOOTS);
      await shows(page, "#layout", "boots");

      // Counted is what is on the page, once: by the slot with an impression, by code without.
      await page.waitForFunction(() => window.log.events.some(([name]) => name == "impression"));
      await page.waitForFunction(() => "engine" in window);
      const first = await counts(page);
      assert.deepEqual(first["hero boots"], [1, 1]);
      assert.deepEqual(first["layout boots"], [1, 0]);
      assert.equal(first["hero null"], undefined);

      await page.click("#click");
      await shows(page, "#shop h1 i", "1");
      await shows(page, "#shop h1", BOOTS);
      await page.click("#track");
      await page.waitForFunction(() => JSON.stringify(window.engine?.profile()).includes("add_to_cart"));

      await page.click("#toggle");
      await page.waitForFunction(() => !document.querySelector("[data-tb-slot=hero]"));
      await page.click("#toggle");
      await shows(page, "#shop h1", BOOTS);

      // On another page of the app the slot has its variant from its first frame on.
      await page.evaluate(() => window.log.frames.splice(0));
      await page.click("#other");
      await shows(page, "#elsewhere", "Elsewhere");
      await shows(page, "#app h1", BOOTS);
      await page.click("#home");
      await shows(page, "#shop h1", BOOTS);
      await shows(page, "#layout", "boots");
      const frames = await page.evaluate(() => window.log.frames);
      assert.deepEqual(
        frames.filter((text) => text.includes("Gear")),
        [],
        "the default was not seen in between",
      );
      assert.equal((await counts(page))["hero null"], undefined);

      // A reader no more. The slot of the code stays, because it is being looked at; so does the other, which the
      // engine has changed on this page view. The feature follows.
      await page.evaluate(() => window.engine?.attributes({ reader: false }));
      await page.click("#track");
      await shows(page, "#checkout", "classic");
      assert.match(await page.$eval("#layout", (element) => element.textContent ?? ""), /boots/);
      // A word of the visitor's counts at once.
      await page.evaluate(() => window.engine?.consent({ personalize: false }));
      await shows(page, "#layout", "default");
      await shows(page, "#shop h1", DEFAULT);
      await page.evaluate(() => window.engine?.attributes({ reader: true }));
      await page.click("#track");
      await page.evaluate(() => window.engine?.consent({ personalize: true }));
      await shows(page, "#shop h1", BOOTS);

      await page.evaluate(() => window.engine?.stop());
      await shows(page, "#shop h1", DEFAULT);
      await shows(page, "#layout", "default");
      await page.click("#click");
      await shows(page, "#shop h1 i", "1");
      await page.click("#toggle");
      await page.click("#toggle");
      await shows(page, "#shop h1", DEFAULT);
      await page.click("#other");
      await shows(page, "#app h1", DEFAULT);
      const heard = (await events(page)).map(([event]) => event);
      assert.deepEqual(
        heard.filter((event) => /unavailable|duplicate|conflict/.test(event)),
        [],
      );
    });
  });

  test(`${name}: where WebAssembly is blocked, the default stays and nothing breaks`, { timeout: 60_000 }, async () => {
    await visit(async (page, origin) => {
      await page.evaluateOnNewDocument(() => Object.defineProperty(window, "WebAssembly", { value: undefined }));
      await page.goto(`${origin}/?reader`);
      await page.waitForFunction(() => window.log.events.some(([name]) => name == "unavailable"));
      await shows(page, "#layout", "default");
      await shows(page, "#shop h1", DEFAULT);
      await page.click("#click");
      await shows(page, "#shop h1 i", "1");
      await page.click("#other");
      await shows(page, "#app h1", DEFAULT);
    });
  });
};
