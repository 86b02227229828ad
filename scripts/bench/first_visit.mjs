/**
 * A first visit over a slow network: how long until the heading of a page has its variant, with our tag and with
 * GrowthBook's.
 *
 * One page of 60 paragraphs, one change (the text of its heading), one Chromium, everything from a server on this
 * machine, compressed by brotli. Chromium slows its network and its processor down as told. Each visit is one of a
 * browser context of its own, so nothing is cached. The visits of all tags take turns, in a new order each round.
 *
 * - `ours`: `tailorbird.js` with `data-config`, as in the README.
 * - `ours_inline`: the config stands in the page.
 * - `ours_preload`: the page preloads the config.
 * - `growthbook`: GrowthBook's tag (`dist/bundles/auto.min.js` of its npm package) with its features from an
 *   endpoint that answers as its API does: one visual experiment that everybody is in. It is told not to stream and
 *   not to track, so that it does no more than is compared.
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { withChromium } from "./chromium.mjs";
import { quartiles } from "./spread.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RUNS = 9;
const PATIENCE_MS = 30_000;

const NETWORKS = [
  { network: "slow-4g", roundTripMs: 150, mbit: 1.6, slowdown: 4 },
  { network: "fast-3g", roundTripMs: 562, mbit: 1.44, slowdown: 1 },
];

const SENT = "Gear for every trail";
const SHOWN = "Boots that know the way";

/**
 * @typedef {(typeof NETWORKS)[number]} Network
 * @typedef {{ tailorbird: number, growthbook: number }} Bytes
 * @typedef {{ network: string, runs: number, spread: { [name: string]: import("./spread.mjs").Quartiles }, bytes: Bytes }} Figures
 */

/** @param {string} line */
const say = (line) => console.error(line);

/** Of the page: one slot, one variant that everybody sees. */
export const CONFIG = {
  version: 1,
  segments: [{ id: "newsletter", when: { "campaign.source": "newsletter" } }],
  slots: [
    {
      id: "hero",
      choose: [{ by: "interest" }, { by: "segment" }, { by: "popular" }],
      variants: [{ id: "boots", tags: { category: "boots" }, weight: 1, content: { text: { h1: SHOWN } } }],
    },
  ],
};

/** What GrowthBook's API answers for a project with one visual experiment. */
const FEATURES = {
  status: 200,
  features: { banner: { defaultValue: "none" } },
  experiments: [
    {
      key: "hero",
      status: "running",
      hashAttribute: "id",
      hashVersion: 2,
      weights: [0, 1],
      coverage: 1,
      meta: [{ key: "0" }, { key: "1" }],
      urlPatterns: [{ type: "simple", include: true, pattern: "/*" }],
      variations: [{}, { domMutations: [{ selector: "h1", action: "set", attribute: "html", value: SHOWN }] }],
    },
  ],
  dateUpdated: "2026-11-01T10:00:00.000Z",
};

/** Watches the heading from before it is parsed. `changed` resolves to milliseconds since the navigation began. */
const WATCH = `<script>
  window.changed = new Promise(resolve =>
    new MutationObserver(() => {
      if (document.querySelector("h1")?.textContent === ${JSON.stringify(SHOWN)}) resolve(performance.now());
    }).observe(document, { subtree: true, childList: true, characterData: true }),
  );
</script>`;

const TAGS = {
  ours: `<script async src="/tailorbird.js" data-config="/tailorbird.json"></script>`,
  ours_inline: `<script type="application/json" id="tailorbird-config">${JSON.stringify(CONFIG)}</script>
<script async src="/tailorbird.js"></script>`,
  ours_preload: `<link rel="preload" as="fetch" crossorigin="anonymous" href="/tailorbird.json">
<script async src="/tailorbird.js" data-config="/tailorbird.json"></script>`,
  growthbook: `<script async src="/growthbook.js" data-api-host="ORIGIN" data-client-key="sdk-abc123" data-no-streaming="true" data-tracking="none"></script>`,
};

const PARAGRAPH =
  "A good pair of boots outlives three cheap ones, and knows every stone between the last hut and the first. " +
  "We have walked them wet, dried them by the stove, and walked them wet again before we sold a single pair.";

/**
 * The page; of its 60 paragraphs no two are alike, or compression would leave nothing of them.
 *
 * @param {string} head what its head has besides
 */
export const pageOf = (head) => {
  const paragraphs = Array.from({ length: 60 }, (_, at) => {
    const words = PARAGRAPH.split(" ");
    const turn = (at * 7) % words.length;
    return `<p>${at + 1}. ${[...words.slice(turn), ...words.slice(0, turn)].join(" ")}</p>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,">
${head}
</head>
<body>
<section data-tb-slot="hero"><h1>${SENT}</h1></section>
<main>
${paragraphs.join("\n")}
</main>
</body>
</html>`;
};

/** Serves the four pages and what they ask for, compressed as a good server does. */
const openServer = async () => {
  const own = await readFile(join(root, "dist/tailorbird.js"));
  const theirs = await readFile(join(root, "node_modules/@growthbook/growthbook/dist/bundles/auto.min.js"));
  /** @param {Buffer} body */
  const compressed = (body) =>
    brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } });
  /** @type {Map<string, { type: string, body: Buffer }>} */
  const files = new Map();
  /** @type {(path: string, type: string, body: string | Buffer) => unknown} */
  const put = (path, type, body) => files.set(path, { type, body: compressed(Buffer.from(body)) });

  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "/", "http://localhost").pathname);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": file.type,
      "content-encoding": "br",
      "content-length": file.body.length,
      "cache-control": "max-age=300",
    });
    response.end(file.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const origin = `http://localhost:${port}`;
  for (const [name, tag] of Object.entries(TAGS))
    put(`/${name}`, "text/html; charset=utf-8", pageOf(`${WATCH}\n${tag.replace("ORIGIN", origin)}`));
  put("/tailorbird.js", "text/javascript", own);
  put("/tailorbird.json", "application/json", JSON.stringify(CONFIG));
  put("/growthbook.js", "text/javascript", theirs);
  put("/api/features/sdk-abc123", "application/json", JSON.stringify(FEATURES));
  /** @param {string} path */
  const bytes = (path) => /** @type {{ body: Buffer }} */ (files.get(path)).body.length;
  return {
    origin,
    bytes: { tailorbird: bytes("/tailorbird.js"), growthbook: bytes("/growthbook.js") },
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
};

/**
 * One first visit; milliseconds from the navigation to the changed heading.
 *
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} address
 * @param {Network} network
 * @returns {Promise<number>}
 */
const visit = async (browser, address, { roundTripMs, mbit, slowdown }) => {
  const context = await browser.createBrowserContext();
  try {
    const tab = await context.newPage();
    const protocol = await tab.createCDPSession();
    await protocol.send("Network.enable");
    await protocol.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: roundTripMs,
      downloadThroughput: (mbit * 1e6) / 8,
      uploadThroughput: (mbit * 1e6) / 8,
    });
    await protocol.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await tab.goto(address, { waitUntil: "domcontentloaded", timeout: PATIENCE_MS });
    // Waited for in the page: asking again and again would cost it time.
    return await tab.evaluate(
      (patience) =>
        Promise.race([
          Reflect.get(window, "changed"),
          new Promise((_, failed) => setTimeout(failed, patience, "never changed")),
        ]),
      PATIENCE_MS,
    );
  } finally {
    await context.close();
  }
};

/**
 * The tags in the order of a round: forwards or backwards, each time from another one.
 *
 * @template It
 * @param {readonly It[]} list
 * @param {number} round
 */
const turned = (list, round) =>
  list.map((_, at) => list[(at * (round % 2 ? 1 : list.length - 1) + round) % list.length]);

/** The figures of each network: medians as numbers, and the spread around each. */
export const bench = async () => {
  const server = await openServer();
  try {
    return await withChromium(async (browser) => {
      const tags = Object.keys(TAGS);
      /** @type {Figures[]} */
      const answer = [];
      for (const conditions of NETWORKS) {
        const found = Object.fromEntries(tags.map((tag) => [tag, /** @type {number[]} */ ([])]));
        // The first round warms the browser up and does not count.
        for (let round = 0; round <= RUNS; round += 1) {
          for (const tag of turned(tags, round)) {
            const ms = await visit(browser, `${server.origin}/${tag}`, conditions);
            if (round > 0) found[tag].push(ms);
          }
          say(`${conditions.network}: round ${round} of ${RUNS}`);
        }
        const spreads = Object.fromEntries(tags.map((tag) => [`${tag}_ms`, quartiles(found[tag], 0)]));
        answer.push({
          network: conditions.network,
          runs: RUNS,
          ...Object.fromEntries(Object.entries(spreads).map(([name, { median }]) => [name, median])),
          spread: spreads,
          bytes: server.bytes,
        });
      }
      return answer;
    });
  } finally {
    await server.close();
  }
};

/** @type {{ [name: string]: string }} */
const LABELS = {
  ours_ms: "ours",
  ours_inline_ms: "ours, config inline",
  ours_preload_ms: "ours, config preloaded",
  growthbook_ms: "GrowthBook",
};

/**
 * The figures for people.
 *
 * @param {readonly Figures[]} networks
 */
export const table = (networks) => {
  /** @param {number} value */
  const number = (value) => String(value).padStart(8);
  const blocks = networks.map(({ network, runs, spread: spreads, bytes }) => {
    const { roundTripMs, mbit, slowdown } = /** @type {Network} */ (NETWORKS.find((each) => each.network == network));
    const peer = spreads.growthbook_ms.median;
    const lines = Object.entries(spreads).map(
      ([name, { median, min, lower, upper, max }]) =>
        `${LABELS[name].padEnd(26)}${[median, min, lower, upper, max].map(number).join("")}${`${(median / peer).toFixed(2)}x`.padStart(9)}`,
    );
    return [
      `${network}: ${roundTripMs} ms round trip, ${mbit} Mbit/s, processor ${slowdown}x slower; ${runs} visits each; ` +
        `tailorbird.js ${bytes.tailorbird} bytes, GrowthBook's tag ${bytes.growthbook}`,
      `${"ms to the changed heading".padEnd(26)}${["median", "min", "25 %", "75 %", "max"].map((head) => head.padStart(8)).join("")}${"to theirs".padStart(9)}`,
      ...lines,
    ].join("\n");
  });
  return blocks.join("\n\n");
};
