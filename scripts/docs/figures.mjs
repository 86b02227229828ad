/**
 * The figures in `docs/sizes-and-speed.md`: tables between `<!-- NAME -->` and `<!-- /NAME -->`, each filled by the
 * command that measures it.
 */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** @param {number} value */
const number = (value) => value.toLocaleString("en-GB");

/**
 * What a command of `scripts/` prints with `--json`.
 *
 * @param {string[]} words
 */
const asked = async (...words) => {
  const { stdout } = await run(process.execPath, [...words, "--json"], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
};

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
const table = (head, rows) => {
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, at) => (at === 0 ? "---" : "---:"));
  return [line(head), `|${rule.join("|")}|`, ...rows.map(line)].join("\n");
};

/** @param {{ files: { name: string, raw: number, gzip: number, brotli: number, budget: number }[] }} measured */
const sizes = ({ files }) =>
  table(
    ["file", "raw", "gzip", "brotli", "budget"],
    files.map(({ name, raw, gzip, brotli, budget }) => [`\`${name}\``, ...[raw, gzip, brotli, budget].map(number)]),
  );

/** What can be filled in at once, from `dist/`. */
export const SIZES = { sizes: async () => sizes(await asked("scripts/size.mjs")) };

/** @param {{ network: string, ours_ms: number, ours_preload_ms: number, ours_inline_ms: number, growthbook_ms: number }[]} networks */
const firstVisit = (networks) =>
  table(
    ["network", "Tailorbird", "config preloaded", "config inline", "GrowthBook", "preloaded to GrowthBook"],
    networks.map(({ network, ours_ms, ours_preload_ms, ours_inline_ms, growthbook_ms }) => [
      network,
      ...[ours_ms, ours_preload_ms, ours_inline_ms, growthbook_ms].map((ms) => `${number(ms)} ms`),
      `${(ours_preload_ms / growthbook_ms).toFixed(2)}x`,
    ]),
  );

/** @param {{ slowdown: number, ms: Record<string, Record<string, { median: number }>> }[]} measured */
const repeatVisit = (measured) => {
  const entries = { tag: "script tag", inline: "script tag, config inline", npm: "npm", slim: "npm, slim" };
  const kinds = { tab: "a new tab", next: "the next page" };
  /** @param {Record<string, { median: number }>} phases */
  const ms = (phases) => `${phases["in all"].median.toFixed(0)} / ${phases.processor.median.toFixed(0)} ms`;
  return table(
    ["processor", "visit", ...Object.values(entries)],
    measured.flatMap(({ slowdown, ms: visits }) =>
      Object.entries(kinds).map(([kind, label]) => [
        slowdown === 1 ? "as it is" : `${slowdown}x slower`,
        label,
        ...Object.keys(entries).map((entry) => ms(visits[`${entry}_${kind}`])),
      ]),
    ),
  );
};

/** @param {{ usPerTrack: Record<string, { new: { median: number }, tenYears: { median: number }, ratio: number }> }} measured */
const track = ({ usPerTrack }) =>
  table(
    ["config", "new visitor", "ten years of history", "ten years to typical"],
    Object.entries(usPerTrack).map(([config, { new: fresh, tenYears, ratio }]) => [
      config === "shop" ? "the demo shop's" : "twenty segments",
      `${fresh.median.toFixed(0)} µs`,
      `${tenYears.median.toFixed(0)} µs`,
      `${ratio.toFixed(2)}x`,
    ]),
  );

/** @param {{ nsPerCondition: Record<"growthbook" | "growthbookStep" | "wasm" | "wasmStep" | "native", { median: number }> }} measured */
const conditions = ({ nsPerCondition }) => {
  const rows = /** @type {const} */ ([
    ["a profile that is already there", "growthbookStep", "wasmStep"],
    ["a profile that is handed over", "growthbook", "wasm"],
    ["the same, native", "growthbook", "native"],
  ]);
  return table(
    ["with", "GrowthBook's SDK in Node", "Tailorbird", "times as fast"],
    rows.map(([label, theirs, ours]) => {
      const [growthbook, tailorbird] = [nsPerCondition[theirs].median, nsPerCondition[ours].median];
      return [
        label,
        ...[growthbook, tailorbird].map((ns) => `${ns.toFixed(0)} ns`),
        `${(growthbook / tailorbird).toFixed(2)}x`,
      ];
    }),
  );
};

/** @param {{ page: string, slowdown: number, tasks: Record<string, { cpuMs: { median: number } } | undefined> }[]} pages */
const longTasks = (pages) => {
  const kinds = Object.keys(pages[0].tasks);
  return table(
    ["page", ...kinds],
    pages.map(({ page, slowdown, tasks }) => [
      page,
      ...kinds.map((kind) => `${((tasks[kind]?.cpuMs.median ?? 0) * slowdown).toFixed(0)} ms`),
    ]),
  );
};

/** @param {{ figures: { events: number, memory: string, user: number, system: number, wall: number, engineBytes: number, toolBytes: number, modelBytes: number }[] }} measured */
const training = ({ figures }) =>
  table(
    ["events", "`--memory`", "CPU-seconds", "seconds", "memory of DuckDB", "of the tool", "model"],
    figures.map(({ events, memory, user, system, wall, engineBytes, toolBytes, modelBytes }) => [
      number(events),
      memory || "–",
      (user + system).toFixed(1),
      wall.toFixed(1),
      ...[engineBytes, toolBytes].map((bytes) => `${number(Math.round(bytes / 1e6))} MB`),
      `${number(Math.round(modelBytes / 1e3))} KB`,
    ]),
  );

/** What takes minutes to measure, on a machine that does nothing else. */
export const BENCHMARKS = {
  "long-tasks": async () => longTasks(await asked("scripts/bench.mjs", "long-tasks")),
  "first-visit": async () => firstVisit(await asked("scripts/bench.mjs", "first-visit")),
  "repeat-visit": async () => repeatVisit(await asked("scripts/bench.mjs", "repeat-visit")),
  track: async () => track(await asked("scripts/bench.mjs", "track")),
  conditions: async () => conditions(await asked("scripts/bench.mjs", "conditions")),
  training: async () => training(await asked("scripts/bench.mjs", "train", "--plot", "docs/training.svg")),
};

/**
 * `text` with the table `name` replaced by `content`; throws where the page has no such table.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} content
 */
export const filled = (text, name, content) => {
  const pattern = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`docs/sizes-and-speed.md has no place for ${name}`);
  return text.replace(
    pattern,
    (_, /** @type {string} */ open, /** @type {string} */ close) => `${open}${content}\n${close}`,
  );
};

/**
 * The numbers of a table, to compare two of them.
 *
 * @param {string} text
 * @param {string} name
 */
export const numbersOf = (text, name) => {
  const [, content = ""] = new RegExp(`<!-- ${name} -->\\n([^]*?)<!-- /${name} -->`).exec(text) ?? [];
  return [...content.matchAll(/(?<=\| )[\d,]+(?= \|)/g)].map(([digits]) => Number(digits.replaceAll(",", "")));
};
