/**
 * A repeat visit with everything cached: how long from the start of our script until the first decision is applied, and
 * where that time goes.
 *
 * The page of `first_visit.mjs` and its config, a visitor who has consented and whose profile is stored, one Chromium.
 * The visits before have filled its HTTP cache and its cache of compiled scripts. A visit is a page in a new tab, which
 * is a process of its own, and then the next page in that tab, where V8 still has the code of the wasm. The figures are
 * from a trace: phases and their sum by the clock, and the time of the processor that the main thread got for our tasks,
 * which other programs of the machine disturb less. No inspector listens to the page, because for each error and each
 * timer it has V8 parse the whole script again.
 *
 * - `tag`: `tailorbird.js` with `data-config`.
 * - `inline`: the config stands in the page.
 * - `npm`: `index.js` and `engine.js`, as modules, with the config as an object; it begins with `engine.js`.
 * - `slim`: `slim.js` and the plain wasm, streamed.
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { withChromium } from "./chromium.mjs";
import { pageOf, CONFIG } from "./first_visit.mjs";
import { quartiles } from "./spread.mjs";
import { endTracing } from "./trace.mjs";
import { replacingExports } from "./wasm_exports.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RUNS = 15;
/** Chromium stores compiled code on the second visit, and uses it from the third one on. */
const WARMING = 3;
const SLOWDOWNS = [1, 4];
const PATIENCE_MS = 30_000;

/** The visits in a tab, in order. */
const KINDS = ["tab", "next"];

/**
 * @typedef {import("./trace.mjs").TraceEvent} TraceEvent
 * @typedef {import("./spread.mjs").Quartiles} Spread
 * @typedef {{ [phase: string]: number }} Visit milliseconds of the clock
 */

/** @param {string} line */
const say = (line) => console.error(line);

const START = `{ config: ${JSON.stringify(CONFIG)}, consent: "granted" }`;

const TAGS = {
  tag: `<script async src="/tailorbird.js" data-config="/tailorbird.json" data-consent="granted"></script>`,
  inline: `<script type="application/json" id="tailorbird-config">${JSON.stringify(CONFIG)}</script>
<script async src="/tailorbird.js" data-consent="granted"></script>`,
  npm: `<script type="module">import { start } from "/index.js"; start(${START});</script>`,
  slim: `<script type="module">import { start } from "/slim.js";
start({ ...${START}, wasm: "/tailorbird_bg.wasm" });</script>`,
};

/** What the page's title says once a decision is applied. */
const DECIDED = "decided";

/**
 * Runs in the page before the tag: marks what happens on the way to the first decision, in the trace.
 *
 * @param {typeof import("./wasm_exports.mjs").replaceExports} replaceExports
 * @param {string} title
 */
const marked = (replaceExports, title) => {
  /** @param {string} name */
  const mark = (name) => performance.mark(`repeat:${name}`);
  /** @param {"compile" | "compileStreaming"} name */
  const markCompiling = (name) => {
    const compile = WebAssembly[name];
    Reflect.set(WebAssembly, name, (/** @type {never} */ source) => {
      mark("compile");
      const compiling = compile.call(WebAssembly, source);
      compiling.then(
        () => mark("compiled"),
        () => {},
      );
      return compiling;
    });
  };
  markCompiling("compile");
  markCompiling("compileStreaming");
  replaceExports((exports) => {
    mark("instantiated");
    for (const name of ["engine_new", "engine_start", "engine_slotsPresent"]) {
      const entry = exports[name];
      if (typeof entry !== "function") throw new Error(`the wasm has no ${name}`);
      exports[name] = (/** @type {unknown[]} */ ...given) => {
        mark(name);
        try {
          return entry(...given);
        } finally {
          mark(`${name} done`);
        }
      };
    }
    return exports;
  });
  const { fetch } = window;
  window.fetch = async (...given) => {
    const response = await fetch(...given);
    if (String(given[0]).endsWith("json")) mark("config");
    return response;
  };
  document.addEventListener("tailorbird:decision", (event) => {
    if (!(/** @type {CustomEvent} */ (event).detail.applied)) return;
    mark("decision");
    document.title = title;
  });
};

/** Serves the pages and what they ask for, with a year to keep it. */
const openServer = async () => {
  /** @type {Map<string, { type: string, body: Buffer }>} */
  const files = new Map();
  const script = `(${replacingExports(marked, DECIDED)})()`;
  for (const [entry, tag] of Object.entries(TAGS)) {
    files.set(`/${entry}`, {
      type: "text/html; charset=utf-8",
      body: Buffer.from(pageOf(`<script>${script}</script>\n${tag}`)),
    });
  }
  for (const name of ["tailorbird.js", "index.js", "engine.js", "slim.js", "tailorbird_bg.wasm"]) {
    const type = name.endsWith(".js") ? "text/javascript" : "application/wasm";
    files.set(`/${name}`, { type, body: await readFile(join(root, "dist", name)) });
  }
  files.set("/tailorbird.json", { type: "application/json", body: Buffer.from(JSON.stringify(CONFIG)) });
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "/", "http://localhost").pathname);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const isPage = file.type.startsWith("text/html");
    response.writeHead(200, {
      "content-type": file.type,
      "content-length": file.body.length,
      "cache-control": isPage ? "no-cache" : "max-age=31536000, immutable",
    });
    response.end(file.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { server, origin: `http://localhost:${port}` };
};

/** What happens until each mark, in order. The first one begins with our script. */
const PHASES = [
  ["script", "compile"],
  ["compile", "compiled"],
  ["instantiate", "instantiated"],
  ["wait for config", "engine_new"],
  ["read config", "engine_new done"],
  ["to start", "engine_start"],
  ["start", "engine_start done"],
  ["to slots", "engine_slotsPresent"],
  ["decide", "decision"],
];

/** What a trace calls the compiling and running of a script. */
const SCRIPT = /^(v8\.compile|v8\.compileModule|EvaluateScript|v8\.evaluateModule)$/;

/** @param {TraceEvent} event */
const end = ({ ts, dur = 0 }) => ts + dur;

/**
 * What a trace says of a visit: milliseconds of the clock for each phase and in all, and those of the processor that the
 * main thread got for tasks of ours meanwhile.
 *
 * @param {readonly TraceEvent[]} events
 * @returns {Visit}
 */
const visitOf = (events) => {
  const marks = events.filter(({ name }) => name.startsWith("repeat:"));
  const scripts = events.filter(
    ({ name, args }) =>
      SCRIPT.test(name) && /\/(tailorbird|engine|slim)\.js$/.test(args?.data?.url ?? args?.fileName ?? ""),
  );
  const begin = Math.min(...scripts.map(({ ts }) => ts));
  /** @type {Visit} */
  const visit = {};
  let last = begin;
  for (const [phase, name] of PHASES) {
    const mark = marks.find((event) => event.name === `repeat:${name}`);
    if (!mark) throw new Error(`the trace has no mark ${name}`);
    visit[phase] = (mark.ts - last) / 1000;
    last = mark.ts;
  }
  visit["in all"] = (last - begin) / 1000;
  const [{ pid, tid }] = scripts;
  const tasks = events.filter(
    (event) =>
      event.pid === pid &&
      event.tid === tid &&
      event.ph === "X" &&
      event.ts <= last &&
      end(event) >= begin &&
      // A promise that is settled runs after the task that settled it, in a checkpoint of its own.
      /(RunTask|PerformMicrotaskCheckpoint)$/.test(event.name),
  );
  const outer = tasks.filter((task) => !tasks.some((other) => other.ts < task.ts && end(other) >= end(task)));
  const ours = outer.filter((task) => [...marks, ...scripts].some(({ ts }) => ts >= task.ts && ts <= end(task)));
  visit.processor = ours.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
  return visit;
};

/**
 * A tab and the visits in it.
 *
 * @param {import("puppeteer-core").Browser} browser
 * @param {number} slowdown
 */
const openTab = async (browser, slowdown) => {
  const session = await browser.target().createCDPSession();
  const { targetId } = await session.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: true });
  const tab = session.connection()?.session(sessionId);
  if (!tab) throw new Error("the tab has no session");
  await tab.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return {
    /** @param {string} url */
    visit: async (url) => {
      await session.send("Tracing.start", {
        transferMode: "ReturnAsStream",
        traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "blink.user_timing", "v8"] },
      });
      await tab.send("Page.navigate", { url });
      const until = Date.now() + PATIENCE_MS;
      for (;;) {
        const { targetInfo } = await session.send("Target.getTargetInfo", { targetId });
        if (targetInfo.title === DECIDED && targetInfo.url === url) break;
        if (Date.now() > until) throw new Error(`no slot of ${url} was decided within ${PATIENCE_MS} ms`);
        await wait(50);
      }
      return visitOf((await endTracing(session)).traceEvents);
    },
    close: async () => {
      await session.send("Target.closeTarget", { targetId });
      await session.detach();
    },
  };
};

/** By slowdown, entry and kind of visit: the milliseconds of each phase. */
export const bench = async () => {
  const { server, origin } = await openServer();
  try {
    return await withChromium(async (browser) => {
      const answer = [];
      for (const slowdown of SLOWDOWNS) {
        /** @type {{ [visit: string]: Visit[] }} */
        const found = {};
        for (let round = -WARMING; round < RUNS; round += 1) {
          for (const entry of Object.keys(TAGS)) {
            const tab = await openTab(browser, slowdown);
            for (const kind of KINDS) {
              const visit = await tab.visit(`${origin}/${entry}?${kind}`);
              if (round >= 0) (found[`${entry}_${kind}`] ??= []).push(visit);
            }
            await tab.close();
          }
          say(`${slowdown}x slower: round ${round + 1} of ${RUNS}`);
        }
        const spreads = Object.entries(found).map(([name, visits]) => [
          name,
          Object.fromEntries(
            Object.keys(visits[0]).map((phase) => [
              phase,
              quartiles(
                visits.map((visit) => visit[phase]),
                1,
              ),
            ]),
          ),
        ]);
        answer.push({
          machine: `${cpus().length} x ${cpus()[0].model}`,
          slowdown,
          runs: RUNS,
          /** @type {{ [visit: string]: { [phase: string]: Spread } }} */
          ms: Object.fromEntries(spreads),
        });
      }
      return answer;
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = (figures) => {
  /** @type {(cells: readonly string[]) => string} */
  const line = ([name, ...cells]) => name.padEnd(16) + cells.map((cell) => cell.padStart(23)).join("");
  const blocks = figures.map(({ machine, slowdown, runs, ms }) => {
    const visits = Object.values(ms);
    const rows = Object.keys(visits[0]).map((phase) =>
      line([phase, ...visits.map((each) => `${each[phase].median} (${each[phase].lower}-${each[phase].upper})`)]),
    );
    return [
      `${machine}, processor ${slowdown}x slower, ${runs} visits each; ms, median (25 % - 75 %)`,
      line(["", ...Object.keys(ms)]),
      ...rows,
    ].join("\n");
  });
  return blocks.join("\n\n");
};
