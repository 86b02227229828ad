/**
 * What the boot snippet costs a returning visitor: how long the parser waits for it, and how long its observer works
 * until the page is parsed. The first read of `localStorage` makes the browser load it, whoever reads it: that is told
 * apart.
 *
 * One page of 60 paragraphs with eight slots, whose last decisions are stored, in Chromium, each visit in a tab of its
 * own. The processor is slowed down as told. The time is that of the clock, in steps of 5 microseconds, because the page
 * is isolated.
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withChromium } from "./chromium.mjs";
import { extremes } from "./spread.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RUNS = 15;
const SLOWDOWNS = [1, 4];
const SLOTS = 8;

/** @import { Extremes } from "./spread.mjs" */

/** What `tailorbird.d` has: a config's fingerprint, and for each slot its variant and one text. */
const decisions = [
  "0123456789abcdef",
  ...Array.from({ length: SLOTS }, (_, at) => `s${at}\tboots\th2\tBoots ${at}`),
].join("\n");

/**
 * @param {string} boot
 * @param {boolean} isObserved whether the observer's own calls are measured, which costs time before
 */
const pageOf = (boot, isObserved) => {
  const slots = Array.from(
    { length: SLOTS },
    (_, at) => `<section data-tb-slot="s${at}"><h2>Gear ${at}</h2></section>`,
  );
  const paragraphs = Array.from({ length: 60 }, (_, at) => `<p>${"All of it is tested outdoors. ".repeat(5)}${at}</p>`);
  const observed = `
    window.observerMs = 0;
    window.MutationObserver = class extends MutationObserver {
      constructor(call) {
        super((...given) => { const from = performance.now(); call(...given); window.observerMs += performance.now() - from; });
      }
    };`;
  const before = `<script>${isObserved ? observed : ""}
    const asked = performance.now();
    localStorage.getItem("tailorbird.d");
    window.from = performance.now();
    window.storageMs = window.from - asked;
  </script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gear</title>${before}
    <script data-consent="granted" data-text>${boot}</script>
    <script>window.parserMs = performance.now() - window.from;</script></head>
    <body>${slots.join("\n")}${paragraphs.join("\n")}</body></html>`;
};

export const bench = async () => {
  const boot = await readFile(join(root, "dist/boot.js"), "utf8");
  const server = createServer((request, response) => {
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      // Only then is the clock fine enough.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    const isEmpty = request.url === "/empty";
    response.end(isEmpty ? "<!doctype html><title>Empty</title>" : pageOf(boot, request.url === "/observed"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${address.port}`;
  try {
    return await withChromium(async (browser) => {
      const figures = [];
      for (const slowdown of SLOWDOWNS) {
        /** @type {{ storage: number, parser: number, observer: number }[]} */
        const visits = [];
        for (let run = 0; run < RUNS; run += 1) {
          const tab = await browser.newPage();
          await tab.emulateCPUThrottling(slowdown);
          await tab.goto(`${origin}/empty`);
          await tab.evaluate((text) => localStorage.setItem("tailorbird.d", text), decisions);
          await tab.goto(`${origin}/observed`, { waitUntil: "load" });
          const observer = await tab.evaluate(() => Number(Reflect.get(window, "observerMs")));
          await tab.goto(origin, { waitUntil: "load" });
          const measured = await tab.evaluate(() => ({
            storage: Number(Reflect.get(window, "storageMs")),
            parser: Number(Reflect.get(window, "parserMs")),
            shown: [...document.querySelectorAll("h2")].filter(({ textContent }) => textContent.startsWith("Boots"))
              .length,
          }));
          if (measured.shown !== SLOTS) throw new Error(`the snippet has filled ${measured.shown} of ${SLOTS} slots`);
          visits.push({ ...measured, observer });
          await tab.close();
        }
        figures.push({
          slowdown,
          runs: RUNS,
          storageMs: extremes(visits.map(({ storage }) => storage)),
          parserMs: extremes(visits.map(({ parser }) => parser)),
          observerMs: extremes(visits.map(({ observer }) => observer)),
        });
      }
      return figures;
    });
  } finally {
    server.close();
  }
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = (figures) => {
  /** @param {Extremes} spread */
  const text = ({ min, median, max }) => [min, median, max].map((ms) => ms.toFixed(2).padStart(7)).join("");
  return [
    `the boot snippet with ${SLOTS} slots, ms`,
    `               storage is loaded          parser waits        observer works`,
    `processor runs    min median    max    min median    max    min median    max`,
    ...figures.map(
      ({ slowdown, runs, storageMs, parserMs, observerMs }) =>
        `${slowdown}x slower`.padEnd(10) +
        String(runs).padEnd(4) +
        [storageMs, parserMs, observerMs].map(text).join(""),
    ),
  ].join("\n");
};
