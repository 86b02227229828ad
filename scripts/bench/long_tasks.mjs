/**
 * How long our tasks keep the main thread of a page that nobody here wrote: the pages of
 * `tests/browser/strangers.mjs`, with every kind of change, on a first visit.
 *
 * A task is ours where our script runs in it. What counts is the time of the processor that the thread got, which
 * other programs of the machine disturb less. Chromium's own way to slow the processor down does not know the
 * difference, so it is left alone: four times slower is four times the time. The parts of a task are told by the clock,
 * and of those the shortest of all visits counts.
 *
 * No inspector listens to the page: for each error and each timer it has V8 parse the whole script again, which no
 * visitor pays for.
 */

import { setTimeout as wait } from "node:timers/promises";

import { openSites } from "../../tests/browser/rig/site.mjs";
import { served, STRANGERS } from "../../tests/browser/strangers.mjs";
import { withChromium } from "./chromium.mjs";
import { extremes } from "./spread.mjs";
import { endTracing } from "./trace.mjs";
import { replacingExports } from "./wasm_exports.mjs";

const RUNS = 9;
const PATIENCE_MS = 30_000;
const SLOWDOWN = 4;

/**
 * @typedef {import("./trace.mjs").TraceEvent} TraceEvent
 * @typedef {{ cpuMs: number, parts: { [name: string]: number } }} Task
 */

/** @param {string} line */
const say = (line) => console.error(line);

/** What the page's title says once all slots are decided. */
const DECIDED = "all slots are decided";

/**
 * Runs in the page: says when all of its slots are decided.
 *
 * @param {number} slots
 * @param {string} title
 */
const announced = (slots, title) => {
  let decided = 0;
  document.addEventListener("tailorbird:decision", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.applied) decided += 1;
    if (decided === slots) document.title = title;
  });
};

/**
 * Runs in the page before the tag: measures each way into the wasm.
 *
 * @param {typeof import("./wasm_exports.mjs").replaceExports} replaceExports
 */
const measured = (replaceExports) => {
  let depth = 0;
  /**
   * @template {unknown[]} Given
   * @template Result
   * @param {string} name
   * @param {(...given: Given) => Result} work
   * @returns {(...given: Given) => Result}
   */
  const timed =
    (name, work) =>
    (...given) => {
      // What runs within another part is counted there.
      if (depth > 0) return work(...given);
      depth += 1;
      const start = performance.now();
      try {
        return work(...given);
      } finally {
        depth -= 1;
        performance.measure(`part:${name}`, { start, end: performance.now() });
      }
    };
  replaceExports((exports) => {
    for (const [name, value] of Object.entries(exports)) {
      // What makes room for arguments belongs to the call that they are for.
      if (typeof value !== "function" || name.startsWith("__")) continue;
      exports[name] = timed(name, (...given) => value(...given));
    }
    return exports;
  });
};

/** @param {TraceEvent} event */
const isOurs = ({ name, args }) =>
  ["EvaluateScript", "FunctionCall", "v8.compile"].includes(name) && !!args?.data?.url?.endsWith("/tailorbird.js");

/**
 * Our tasks in a trace.
 *
 * @param {readonly TraceEvent[]} events
 * @returns {Task[]}
 */
const tasksOf = (events) => {
  const main = events.find(isOurs);
  if (!main) throw new Error("the trace does not have our script");
  const thread = events.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  // A promise that is settled runs after the task that settled it, in a checkpoint of its own.
  const all = thread.filter(({ name, ph }) => /(RunTask|PerformMicrotaskCheckpoint)$/.test(name) && ph === "X");
  const end = (/** @type {TraceEvent} */ { ts, dur = 0 }) => ts + dur;
  const tasks = all.filter((task) => !all.some((other) => other.ts < task.ts && end(other) >= end(task)));
  // Measures are pairs of events of their own.
  const parts = events.filter(
    ({ name, ph, pid }) => pid === main.pid && name.startsWith("part:") && /^[be]$/i.test(ph),
  );
  return tasks.flatMap(({ ts, dur = 0, tdur = 0 }) => {
    /** @param {TraceEvent} event */
    const isIn = (event) => event.ts >= ts && event.ts <= ts + dur;
    const within = parts.filter(isIn);
    if (!thread.some((event) => isOurs(event) && isIn(event)) && within.length === 0) return [];
    /** @type {{ [name: string]: number }} */
    const sums = {};
    const ends = within.filter(({ ph }) => ph.toLowerCase() === "e");
    for (const { name, id, ts: at } of within.filter(({ ph }) => ph.toLowerCase() === "b")) {
      // One that ends in another task is no part of this one.
      const last = ends.find((event) => event.name === name && event.id === id && event.ts >= at);
      const part = name.slice("part:".length);
      if (last) sums[part] = (sums[part] ?? 0) + (last.ts - at) / 1000;
    }
    const script = thread.filter((event) => event.name === "v8.compile" && isIn(event));
    if (script.length > 0) sums.script = script.reduce((sum, { dur: each = 0 }) => sum + each / 1000, 0);
    return [{ cpuMs: tdur / 1000, parts: sums }];
  });
};

/**
 * One first visit.
 *
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 */
const visit = async (browser, url) => {
  const session = await browser.target().createCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  try {
    await session.send("Tracing.start", {
      transferMode: "ReturnAsStream",
      traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "blink.user_timing"] },
    });
    const { targetId } = await session.send("Target.createTarget", { url, browserContextId });
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { targetInfos } = await session.send("Target.getTargets");
      if (targetInfos.some((target) => target.targetId === targetId && target.title === DECIDED)) break;
      if (Date.now() > until) throw new Error(`the slots of ${url} were not decided within ${PATIENCE_MS} ms`);
      await wait(100);
    }
    return tasksOf((await endTracing(session)).traceEvents);
  } finally {
    await session.send("Target.disposeBrowserContext", { browserContextId });
    await session.detach();
  }
};

/**
 * What the exports of the wasm do, as far as it takes long. All others are `other`.
 *
 * @type {{ [name: string]: string }}
 */
const PARTS = {
  engine_new: "config",
  engine_problems: "config",
  engine_start: "start",
  engine_slotsPresent: "decide",
};

/**
 * The milliseconds of one kind of task in each visit.
 *
 * @param {readonly Task[][]} visits
 * @param {(task: Task) => boolean} isMeant
 */
const figuresOf = (visits, isMeant) => {
  const tasks = visits.flatMap((visit) => {
    const [first] = visit.filter(isMeant).sort((a, b) => b.cpuMs - a.cpuMs);
    return first ? [first] : [];
  });
  if (tasks.length === 0) return undefined;
  const parts = tasks.map(({ parts: found }) => {
    /** @type {{ [name: string]: number }} */
    const sums = {};
    for (const [name, ms] of Object.entries(found)) {
      const part = PARTS[name] ?? "other";
      sums[part] = (sums[part] ?? 0) + ms;
    }
    return sums;
  });
  const names = [...new Set(parts.flatMap(Object.keys))];
  return {
    cpuMs: extremes(tasks.map(({ cpuMs }) => cpuMs)),
    partsMs: Object.fromEntries(names.map((name) => [name, Math.min(...parts.map((each) => each[name] ?? 0))])),
  };
};

/**
 * Our tasks of a first visit, each by what only it does.
 *
 * @type {{ [name: string]: (task: Task) => boolean }}
 */
const KINDS = {
  script: ({ parts }) => "script" in parts,
  config: ({ parts }) => "engine_new" in parts,
  start: ({ parts }) => "engine_start" in parts,
  decide: ({ parts }) => "engine_slotsPresent" in parts,
};

/** By page: each kind of task, and the longest of all others. */
export const bench = async () => {
  const sites = await openSites();
  try {
    return await withChromium(
      async (browser) => {
        const answer = [];
        for (const [at, stranger] of STRANGERS.entries()) {
          const spec = served(stranger);
          const { length: slots } = stranger.slots;
          spec.before = [...(spec.before ?? []), [replacingExports(measured)], [announced, slots, DECIDED]];
          const site = sites.add(`bench${at}`, spec);
          /** @type {Task[][]} */
          const visits = [];
          // The first one warms the browser up and does not count.
          for (let run = 0; run <= RUNS; run += 1) {
            const tasks = await visit(browser, site.url(stranger.where));
            if (run > 0) visits.push(tasks);
            say(
              `${stranger.name}: visit ${run} of ${RUNS}: ${JSON.stringify(tasks.filter(({ cpuMs }) => cpuMs >= 1))}`,
            );
          }
          const isKnown = (/** @type {Task} */ task) => Object.values(KINDS).some((isIt) => isIt(task));
          const kinds = Object.entries({ ...KINDS, others: (/** @type {Task} */ task) => !isKnown(task) });
          answer.push({
            page: stranger.name,
            runs: RUNS,
            slowdown: SLOWDOWN,
            tasks: Object.fromEntries(kinds.map(([kind, isIt]) => [kind, figuresOf(visits, isIt)])),
          });
        }
        return answer;
      },
      // What the pages want from other hosts is not there.
      ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost"],
    );
  } finally {
    await sites.close();
  }
};
/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} pages
 */
export const table = (pages) => {
  /** @param {number} ms */
  const number = (ms) => ms.toFixed(1).padStart(8);
  return pages
    .map(({ page, runs, slowdown, tasks }) => {
      const lines = Object.entries(tasks).flatMap(([name, figures]) => {
        if (!figures) return [];
        const { cpuMs, partsMs } = figures;
        const parts = Object.entries(partsMs).map(([part, ms]) => `${part} ${ms.toFixed(1)}`);
        const times = [cpuMs.min, cpuMs.median, cpuMs.min * slowdown, cpuMs.median * slowdown];
        return `${name.padEnd(12)}${times.map(number).join("")}  ${parts.join(", ")}`;
      });
      return [
        `${page}: our longest tasks of ${runs} first visits, ms of the processor`,
        `${"task".padEnd(12)}${["min", "median", `min ${slowdown}x`, `med ${slowdown}x`].map((head) => head.padStart(8)).join("")}  shortest parts, ms of the clock`,
        ...lines,
      ].join("\n");
    })
    .join("\n\n");
};
