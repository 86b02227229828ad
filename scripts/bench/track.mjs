/**
 * What one `track` costs in a browser: from the call on the page to the effects that come back, in the real
 * WebAssembly and through the same glue, for visitors with more and less history.
 *
 * Writing to storage is not part of it, as in a page, where that is done once for all that is told in one go.
 * Folding is timed apart: a page does it when it is idle, once in 64 entries.
 */

import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Chance } from "../oracle/chance.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const RUNS = 7;
const TRACKS = 2_000;
/** Until the compilers have had their say. */
const WARM_UP = 1_000;
const SEED = 1;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 2, 2, 10);

const say = line => console.error(line);

/** The glue of `www/browser`, as the build takes it. */
export const glue = async () => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { tie } from "./www/browser/core.ts"; export { plain } from "./www/browser/plain.ts";`,
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2020",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
};

/** The wasm that ships, or that was built last; `WASM` names another. */
export const wasm = async () => {
  for (const path of [process.env.WASM, join(root, "dist/tailorbird_bg.wasm"), join(root, "pkg/tailorbird_bg.wasm")]) {
    const bytes = path && (await readFile(path).catch(() => undefined));
    if (bytes) return bytes;
  }
  throw new Error("there is no wasm: run npm run build first");
};

export const shop = async () => JSON.parse(await readFile(join(root, "www/shop/tailorbird.json"), "utf8"));

/** The shop with twenty segments: its own, and more of other kinds. */
const twentySegments = config => {
  const more = ["boots", "tents", "packs", "stoves", "maps"].flatMap((category, place) => [
    { id: `${category}-lately`, when: { [`count.view_item.category.${category}.7d`]: { $gte: 3 } } },
    { id: `${category}-fan`, when: { [`interest.category.${category}`]: { $gte: 0.2 + place / 20 } } },
    { id: `${category}-session`, when: { "session.views": { $gte: 2 + place }, "page.path": { $regex: `^/${category}` } } },
  ]);
  return { ...config, segments: [...config.segments, ...more].slice(0, 20) };
};

/** Somebody at a shop of 600 categories and 20,000 products, of which few are looked at often. */
export const happening = chance => {
  const common = most => Math.floor(most ** chance.share()) - 1;
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
  if (kind < 0.95) return ["purchase", { transaction_id: `T-${chance.whole(1, 1e9)}`, value: item.price, items: [item] }];
  return [["search", "scroll", "select_item", "share"][chance.whole(0, 3)], { term: category }];
};

/** A page with the shop's slots: an engine, and as much of the shell as history needs. */
export class Page {
  constructor({ engines, plain }, config, stored, now) {
    this.plain = plain;
    this.engine = engines(config, 7, 7);
    this.profile = stored ?? null;
    // Each page has a journal of its own.
    this.own = String(Math.trunc(now)).padStart(16, "0");
    this.journal = "";
    this.due = false;
    this.foldings = [];
    const slots = this.engine.receive({ ask: "slots" }, now);
    if (typeof slots[0] == "string") throw new Error(slots.join("\n"));
    this.send({ signal: "consent", personalize: true, measure: true }, now);
    this.send({ signal: "ready" }, now);
    this.send({ signal: "view", path: "/boots/", url: "https://shop.example/boots/", referrer: "", host: "shop.example", language: "en", width: 1200 }, now);
    this.send({ signal: "slots", slots: slots.map(({ id }) => id) }, now);
  }

  send(signal, now) {
    this.apply(this.engine.receive(signal, now), now);
  }

  apply(effects, now) {
    for (const { effect, text } of effects) {
      if (effect == "save") this.journal = text;
      if (effect == "append") this.journal += text;
      if (effect == "fold") this.due = true;
      if (effect == "restore") this.send({ signal: "restored", profile: this.profile, journals: [], journal: this.own }, now);
    }
  }

  /** What `tailorbird.track` does. */
  track(event, params, now) {
    return this.engine.receive({ signal: "track", event, params: this.plain(params) ?? {} }, now);
  }

  /** What a page does when it is idle. */
  fold(now) {
    const from = performance.now();
    const asked = { ask: "fold", profile: this.profile, journals: [[this.own, this.journal]] };
    const { profile, folded } = this.engine.receive(asked, now);
    this.foldings.push(performance.now() - from);
    this.profile = profile;
    this.due = false;
    this.send({ signal: "folded", folded }, now);
  }

  live(chance, now) {
    const [event, params] = happening(chance);
    this.apply(this.track(event, params, now), now);
    if (this.due) this.fold(now);
  }
}

/** What is stored of somebody who did something so often on each of so many days. */
const history = (core, config, { days, aDay }) => {
  if (!days) return null;
  const chance = new Chance(SEED);
  let page;
  for (let day = days; day > 0; day -= 1) {
    // A new page for each day: what was met before is read from storage.
    page?.fold(NOW - day * DAY);
    page?.engine.free();
    page = new Page(core, config, page?.profile, NOW - day * DAY);
    for (let count = 0; count < aDay; count += 1) page.live(chance, NOW - day * DAY + count * 5_000);
  }
  page.fold(NOW - DAY / 2);
  page.engine.free();
  return page.profile;
};

const VISITORS = {
  new: { days: 0, aDay: 0 },
  typical: { days: 6, aDay: 12 },
  // Retention begins anew after 395 days: the tenth profile, as old as it gets.
  tenYears: { days: 3_950, aDay: 20 },
};

const spread = found => {
  const sorted = Float64Array.from(found).sort();
  const at = share => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 100) / 100;
  return { min: at(0), median: at(0.5), p90: at(0.9), max: at(1) };
};

/** Microseconds of each track of one run, and milliseconds of each fold. */
const run = (core, config, stored, seed) => {
  const chance = new Chance(seed);
  const page = new Page(core, config, stored, NOW);
  const tracks = [];
  const inWasm = [];
  for (let count = -WARM_UP; count < TRACKS; count += 1) {
    const [event, params] = happening(chance);
    const now = NOW + (count + WARM_UP) * 700;
    core.spent.ms = 0;
    const from = performance.now();
    const effects = page.track(event, params, now);
    if (count >= 0) {
      tracks.push((performance.now() - from) * 1000);
      inWasm.push(core.spent.ms * 1000);
    }
    page.apply(effects, now);
    if (page.due) page.fold(now);
  }
  page.engine.free();
  return { tracks, inWasm, foldings: page.foldings };
};

/** Microseconds a track, by config and visitor; that of ten years against that of the new visitor. */
export const bench = async () => {
  const { tie, plain } = await glue();
  const { imports, engines } = tie();
  const { instance } = await WebAssembly.instantiate(await wasm(), imports);
  // What is spent behind the boundary is timed apart.
  const spent = { ms: 0 };
  const receive = (...given) => {
    const from = performance.now();
    const answer = instance.exports.receive(...given);
    spent.ms += performance.now() - from;
    return answer;
  };
  const core = { engines: engines({ exports: { ...instance.exports, receive } }), plain, spent };
  const demo = await shop();
  const configs = { shop: demo, twentySegments: twentySegments(demo) };
  const answer = {
    bench: "track",
    runs: RUNS,
    tracks: TRACKS,
    node: process.version,
    processor: cpus()[0]?.model ?? "",
    usPerTrack: {},
  };
  for (const [name, config] of Object.entries(configs)) {
    const stored = {};
    for (const [visitor, past] of Object.entries(VISITORS)) {
      say(`${name}: the history of a visitor, ${visitor}`);
      stored[visitor] = history(core, config, past);
    }
    const found = {};
    for (const visitor of Object.keys(VISITORS)) found[visitor] = { tracks: [], inWasm: [], medians: [], foldings: [] };
    for (let round = 1; round <= RUNS; round += 1) {
      say(`${name}: run ${round} of ${RUNS}`);
      for (const visitor of Object.keys(VISITORS)) {
        const { tracks, inWasm, foldings } = run(core, config, stored[visitor], round);
        found[visitor].tracks.push(...tracks);
        found[visitor].inWasm.push(...inWasm);
        found[visitor].medians.push(spread(tracks).median);
        found[visitor].foldings.push(...foldings);
      }
    }
    const figures = Object.entries(found).map(([visitor, { tracks, inWasm, medians, foldings }]) => [
      visitor,
      {
        profileBytes: stored[visitor]?.length ?? 0,
        ...spread(tracks),
        mediansOfRuns: [Math.min(...medians), Math.max(...medians)],
        inWasm: spread(inWasm),
        foldMs: spread(foldings),
      },
    ]);
    answer.usPerTrack[name] = Object.fromEntries(figures);
    const { new: fresh, tenYears } = answer.usPerTrack[name];
    answer.usPerTrack[name].ratio = Math.round((tenYears.median / fresh.median) * 100) / 100;
  }
  return answer;
};

/** The figures for people. */
export const table = ({ runs, tracks, usPerTrack }) => {
  const number = value => value.toFixed(1).padStart(10);
  const lines = Object.entries(usPerTrack).flatMap(([name, { ratio, ...visitors }]) => [
    "",
    `${name.padEnd(16)}${["min", "median", "p90", "max", "in wasm", "of runs", "fold, ms", "bytes"].map(head => head.padStart(10)).join("")}`,
    ...Object.entries(visitors).map(
      ([visitor, { min, median, p90, max, inWasm, mediansOfRuns, foldMs, profileBytes }]) =>
        [
          visitor.padEnd(16),
          ...[min, median, p90, max, inWasm.median].map(number),
          mediansOfRuns.map(Math.round).join(" to ").padStart(10),
          number(foldMs.median),
          String(profileBytes).padStart(10),
        ].join(""),
    ),
    `ten years cost ${ratio.toFixed(2)} of none`,
  ]);
  return [`µs a track; ${runs} runs of ${tracks} each; "in wasm": the median without the glue; "of runs": the lowest and the highest median of a run`, ...lines].join("\n");
};
