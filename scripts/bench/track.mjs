/**
 * What one `track` costs: from the call on the page to its effects, in the real WebAssembly and through the
 * same glue, for visitors with more and less history.
 *
 * Writing to storage is not part of it: a page does that once, at the end of a task. Folding is timed apart: a
 * page does it when it is idle, once in 64 entries.
 */

import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Chance } from "../oracle/chance.mjs";
import { installPage, loadEngine, Visit } from "./stub_page.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RUNS = 7;
const TRACKS = 2_000;
/** Until the compilers have had their say. */
const WARM_UP = 1_000;
const SEED = 1;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 2, 10);

/**
 * @import { Loaded, StubPage } from "./stub_page.mjs"
 *
 * @typedef {{ [setting: string]: any, segments: object[] }} Config
 * @typedef {ReturnType<typeof spread>} Spread
 * @typedef {Spread & { storedBytes: number, mediansOfRuns: number[], inEngine: Spread, foldMs: Spread }} Figures
 * @typedef {{ [Visitor in keyof typeof VISITORS]: Figures } & { ratio: number }} Ages
 */

/** @param {string} line */
const say = (line) => console.error(line);

/** @returns {Promise<Config>} */
export const shop = async () => JSON.parse(await readFile(join(root, "www/shop/tailorbird.json"), "utf8"));

/**
 * The shop with twenty segments: its own, and more of other kinds.
 *
 * @param {Config} config
 */
const twentySegments = (config) => {
  const more = ["boots", "tents", "packs", "stoves", "maps"].flatMap((category, place) => [
    { id: `${category}-lately`, when: { [`count.view_item.category.${category}.7d`]: { $gte: 3 } } },
    { id: `${category}-fan`, when: { [`interest.category.${category}`]: { $gte: 0.2 + place / 20 } } },
    {
      id: `${category}-session`,
      when: { "session.views": { $gte: 2 + place }, "page.path": { $regex: `^/${category}` } },
    },
  ]);
  return { ...config, segments: [...config.segments, ...more].slice(0, 20) };
};

/**
 * Somebody at a shop of 600 categories and 20,000 products, of which few are looked at often.
 *
 * @param {Chance} chance
 * @returns {[event: string, params: object]}
 */
export const happening = (chance) => {
  /** @param {number} most */
  const common = (most) => Math.floor(most ** chance.share()) - 1;
  const place = common(600);
  const category = ["boots", "tents", "packs", "stoves", "maps"][place] ?? `category-${place}`;
  const item = {
    item_id: `sku-${common(20_000)}`,
    item_category: category,
    item_brand: `brand-${common(200)}`,
    price: chance.whole(500, 30_000) / 100,
    quantity: 1,
  };
  const kind = chance.share();
  if (kind < 0.8) return ["view_item", { currency: "EUR", value: item.price, items: [item] }];
  if (kind < 0.9) return ["add_to_cart", { currency: "EUR", value: item.price, items: [item] }];
  if (kind < 0.94) return ["remove_from_cart", { items: [item] }];
  if (kind < 0.95)
    return ["purchase", { transaction_id: `T-${chance.whole(1, 1e9)}`, value: item.price, items: [item] }];
  return [["search", "scroll", "select_item", "share"][chance.whole(0, 3)], { term: category }];
};

/**
 * What is stored of somebody who did something so often on each of so many days.
 *
 * @param {Loaded} loaded
 * @param {StubPage} page
 * @param {Config} config
 * @param {{ days: number, aDay: number }} past
 */
const history = (loaded, page, config, { days, aDay }) => {
  page.localStorage.items.clear();
  const chance = new Chance(SEED);
  for (let day = days; day > 0; day -= 1) {
    page.now = NOW - day * DAY;
    // A new page for each day: what happened before is read from storage.
    const visit = new Visit(loaded, config, page);
    for (let count = 0; count < aDay; count += 1) {
      visit.track(...happening(chance));
      page.advance(5_000);
    }
    visit.end();
  }
  if (days > 0) {
    // Somebody looks in, so that the last journal is folded as well.
    page.now = NOW - DAY / 2;
    const visit = new Visit(loaded, config, page);
    page.advance(5_000);
    visit.end();
  }
  return new Map(page.localStorage.items);
};

const VISITORS = {
  new: { days: 0, aDay: 0 },
  typical: { days: 6, aDay: 12 },
  // Retention begins anew after 395 days: the tenth profile, as old as it gets.
  tenYears: { days: 3_950, aDay: 20 },
};

/** @param {readonly number[]} found */
const spread = (found) => {
  const sorted = Float64Array.from(found).sort();
  /** @param {number} share */
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 100) / 100;
  return { min: at(0), median: at(0.5), p90: at(0.9), max: at(1) };
};

/**
 * Microseconds of each track of one run, and milliseconds of each fold.
 *
 * @param {Loaded} loaded
 * @param {StubPage} page
 * @param {Config} config
 * @param {Map<string, string>} stored
 * @param {number} seed
 */
const run = (loaded, page, config, stored, seed) => {
  const chance = new Chance(seed);
  page.localStorage.items = new Map(stored);
  page.now = NOW;
  const visit = new Visit(loaded, config, page);
  page.idleMs = [];
  const tracks = [];
  const inEngine = [];
  for (let count = -WARM_UP; count < TRACKS; count += 1) {
    const [event, params] = happening(chance);
    const from = performance.now();
    const copied = loaded.plain(params);
    const copiedAt = performance.now();
    visit.engine.track(event, copied);
    const until = performance.now();
    if (count >= 0) {
      tracks.push((until - from) * 1000);
      inEngine.push((until - copiedAt) * 1000);
    }
    page.advance(700);
  }
  const foldings = page.idleMs;
  visit.end();
  return { tracks, inEngine, foldings };
};

/** @param {Map<string, string>} stored */
const bytesOf = (stored) => [...stored].reduce((sum, [key, text]) => sum + key.length + text.length, 0);

/** Microseconds a track, by config and visitor; that of ten years against that of the new visitor. */
export const bench = async () => {
  const loaded = await loadEngine();
  const page = installPage({ now: NOW, seed: SEED });
  const demo = await shop();
  const configs = { shop: demo, twentySegments: twentySegments(demo) };
  const answer = {
    bench: "track",
    runs: RUNS,
    tracks: TRACKS,
    node: process.version,
    processor: cpus()[0]?.model ?? "",
    usPerTrack: /** @type {{ [config: string]: Ages }} */ ({}),
  };
  for (const [name, config] of Object.entries(configs)) {
    /** @type {{ [visitor: string]: Map<string, string> }} */
    const stored = {};
    for (const [visitor, past] of Object.entries(VISITORS)) {
      say(`${name}: the history of a visitor, ${visitor}`);
      stored[visitor] = history(loaded, page, config, past);
    }
    /** @type {{ [visitor: string]: { tracks: number[], inEngine: number[], medians: number[], foldings: number[] } }} */
    const found = {};
    for (const visitor of Object.keys(VISITORS))
      found[visitor] = { tracks: [], inEngine: [], medians: [], foldings: [] };
    for (let round = 1; round <= RUNS; round += 1) {
      say(`${name}: run ${round} of ${RUNS}`);
      for (const visitor of Object.keys(VISITORS)) {
        const { tracks, inEngine, foldings } = run(loaded, page, config, stored[visitor], round);
        found[visitor].tracks.push(...tracks);
        found[visitor].inEngine.push(...inEngine);
        found[visitor].medians.push(spread(tracks).median);
        found[visitor].foldings.push(...foldings);
      }
    }
    const figures = Object.entries(found).map(([visitor, { tracks, inEngine, medians, foldings }]) => [
      visitor,
      {
        storedBytes: bytesOf(stored[visitor]),
        ...spread(tracks),
        mediansOfRuns: [Math.min(...medians), Math.max(...medians)],
        inEngine: spread(inEngine),
        foldMs: spread(foldings),
      },
    ]);
    answer.usPerTrack[name] = Object.fromEntries(figures);
    const { new: fresh, tenYears } = answer.usPerTrack[name];
    answer.usPerTrack[name].ratio = Math.round((tenYears.median / fresh.median) * 100) / 100;
  }
  return answer;
};

/**
 * The figures for people.
 *
 * @param {Awaited<ReturnType<typeof bench>>} figures
 */
export const table = ({ runs, tracks, usPerTrack }) => {
  /** @param {number} value */
  const number = (value) => value.toFixed(1).padStart(10);
  const lines = Object.entries(usPerTrack).flatMap(([name, { ratio, ...visitors }]) => [
    "",
    `${name.padEnd(16)}${["min", "median", "p90", "max", "in engine", "of runs", "fold, ms", "bytes"].map((head) => head.padStart(10)).join("")}`,
    ...Object.entries(visitors).map(
      ([visitor, { min, median, p90, max, inEngine, mediansOfRuns, foldMs, storedBytes }]) =>
        [
          visitor.padEnd(16),
          ...[min, median, p90, max, inEngine.median].map(number),
          mediansOfRuns.map(Math.round).join(" to ").padStart(10),
          number(foldMs.median),
          String(storedBytes).padStart(10),
        ].join(""),
    ),
    `ten years cost ${ratio.toFixed(2)} of none`,
  ]);
  return [
    `µs a track; ${runs} runs of ${tracks} each; "in engine": the median without the copying of what the page hands over; "of runs": the lowest and the highest median of a run`,
    ...lines,
  ].join("\n");
};
