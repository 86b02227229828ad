/**
 * The SQL of docs/sql counts what it says, on a made-up export: by DuckDB, against figures worked out by hand and
 * against the tool on the same counts. Of BigQuery's text all but the unnesting is the same.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findDuckDb } from "../../scripts/setup.mjs";
import { runTool } from "../tool.mjs";
import { read } from "./snippets.mjs";

/**
 * @typedef {{ visitor: string | null, at: number, event: string, exposed?: string, order?: string, revenue?: number }} Hit
 * `at` in days since the first of the month.
 *
 * @typedef {{
 *   variation: string, n: number, conversions: number, rate: number,
 *   difference: number | null, difference_from: number | null, difference_to: number | null,
 *   relative_lift: number | null,
 *   revenue: number, revenue_squares: number, mean_revenue: number,
 *   revenue_difference: number | null, revenue_difference_from: number | null, revenue_difference_to: number | null,
 *   chi_squared: number, split_is_wrong: boolean, met_several: number,
 * }} Row
 */

const SQL = read("docs/sql/lift.duckdb.sql");
const duckDb = process.env.TAILORBIRD_DUCKDB || findDuckDb();
const withDuckDb = duckDb ? {} : { skip: "DuckDB is not here: set TAILORBIRD_DUCKDB, or pip install duckdb-cli" };
if (!duckDb) console.error(`docs/sql is not tested: ${withDuckDb.skip}`);

const folder = mkdtempSync(join(tmpdir(), "tailorbird-lift-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = Date.UTC(2026, 10, 1) * 1_000;
const DAY = 86_400_000_000;

/**
 * A line of the export, with what Google writes beside it.
 *
 * @param {Hit} hit
 */
const line = ({ visitor, at, event, exposed, order, revenue }) => {
  const time = FIRST + at * DAY;
  /** @param {string} key @param {string | null} string_value @param {string | null} int_value */
  const param = (key, string_value, int_value) => ({
    key,
    value: { string_value, int_value, float_value: null, double_value: null },
  });
  return JSON.stringify({
    event_date: new Date(time / 1_000).toISOString().slice(0, 10).replaceAll("-", ""),
    event_timestamp: String(time),
    event_name: event,
    event_params: [
      param("ga_session_id", null, "1795773600"),
      param("page_location", "https://shop.example/", null),
      ...(exposed === undefined ? [] : [param("exp_variant_string", exposed, null)]),
    ],
    user_pseudo_id: visitor,
    items: [],
    ecommerce: revenue === undefined ? null : { transaction_id: order ?? "(not set)", purchase_revenue: revenue },
  });
};

/**
 * So many visitors of a variation, of whom the first ones buy for 40, 60, 40, 60 and so on, the day after.
 *
 * @param {string} variation
 * @param {number} count
 * @param {number} buyers
 * @returns {Hit[]}
 */
const visitors = (variation, count, buyers) =>
  Array.from({ length: count }, (_, i) => {
    const visitor = `${variation}-${i}`;
    const exposure = { visitor, at: 1, event: "experience_impression", exposed: `tailorbird-hero-words-${variation}` };
    const order = { visitor, at: 2, event: "purchase", order: `${visitor}-order`, revenue: i % 2 === 0 ? 40 : 60 };
    return i < buyers ? [exposure, order] : [exposure];
  }).flat();

/** So that all of the others had their seven days. */
const LAST = { visitor: "late", at: 20, event: "page_view" };

/**
 * What the query answers.
 *
 * @param {readonly Hit[]} hits
 * @returns {Row[]}
 */
const lift = (hits) => {
  writeFileSync(join(folder, "events_20261101.json"), hits.map(line).join("\n"));
  const { status, stdout, stderr } = spawnSync(String(duckDb), ["-no-init", "-batch", "-bail", "-json"], {
    cwd: folder,
    input: SQL,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  // DuckDB writes sums of whole numbers as texts, because they may be larger than JSON's readers expect.
  return JSON.parse(stdout, (key, value) => (key === "conversions" ? Number(value) : value));
};

/**
 * @param {number | null} found
 * @param {number} expected
 * @param {string} what
 */
const isClose = (found, expected, what) =>
  assert.ok(found !== null && Math.abs(found - expected) < 1e-9 * Math.max(1, Math.abs(expected)), `${what}: ${found}`);

/**
 * What the tool says of sums, as the page tells to hand them over.
 *
 * @param {readonly Row[]} rows
 * @param {(row: Row) => [sum: number, squares: number]} sums
 */
const byTheTool = (rows, sums) => {
  const csv = rows.map((row) => [row.variation, row.n, ...sums(row)].join(","));
  const file = join(folder, "results.csv");
  writeFileSync(file, `variation,n,sum,sum_squares\n${csv.join("\n")}\n`);
  return JSON.parse(runTool(["lift", "--in", file, "--json"]));
};

test("rates, revenue and their differences are those worked out by hand, and the tool's", withDuckDb, () => {
  const rows = lift([...visitors("control", 1_000, 100), ...visitors("benefit", 1_000, 130), LAST]);
  const [control, benefit] = rows;
  assert.deepEqual([control.variation, control.n, control.conversions, control.rate], ["control", 1_000, 100, 0.1]);
  assert.deepEqual([benefit.variation, benefit.n, benefit.conversions, benefit.rate], ["benefit", 1_000, 130, 0.13]);
  assert.deepEqual([control.difference, control.difference_from, control.relative_lift], [null, null, null]);
  // 100 orders of 50 on average, and 130; squares are 50 times 1,600 + 3,600, and 65 times.
  assert.deepEqual([control.revenue, control.revenue_squares, control.mean_revenue], [5_000, 260_000, 5]);
  assert.deepEqual([benefit.revenue, benefit.revenue_squares, benefit.mean_revenue], [6_500, 338_000, 6.5]);

  // Of a rate the variance is p (1 - p) n / (n - 1).
  const error = Math.sqrt((0.1 * 0.9 + 0.13 * 0.87) / 999);
  isClose(benefit.difference, 0.03, "difference");
  isClose(benefit.difference_from, 0.03 - 1.959964 * error, "from");
  isClose(benefit.difference_to, 0.03 + 1.959964 * error, "to");
  isClose(benefit.relative_lift, 0.3, "relative lift");
  // The mean of the squares without the square of the mean: 260 - 25, and 338 - 42.25.
  const revenueError = Math.sqrt((235 + 295.75) / 999);
  isClose(benefit.revenue_difference, 1.5, "difference of revenue");
  isClose(benefit.revenue_difference_from, 1.5 - 1.959964 * revenueError, "from");
  isClose(benefit.revenue_difference_to, 1.5 + 1.959964 * revenueError, "to");
  assert.deepEqual([benefit.chi_squared, benefit.split_is_wrong, benefit.met_several], [0, false, 0]);

  const [rates] = byTheTool(rows, ({ conversions }) => [conversions, conversions]).comparisons;
  isClose(benefit.difference, rates.difference, "difference");
  isClose(
    (Number(benefit.difference_to) - 0.03) / 1.959964,
    rates.difference / rates.welch.t,
    "Welch's standard error",
  );
  isClose(benefit.relative_lift, rates.relative, "relative lift");
  // The tool's interval is Welch's, of Student's distribution: by a thousandth wider of so many visitors.
  const [from, to] = rates.interval;
  const width = Number(benefit.difference_to) - Number(benefit.difference_from);
  assert.ok(to - from > width && to - from < 1.002 * width, `${to - from} beside ${width}`);

  const [money] = byTheTool(rows, ({ revenue, revenue_squares }) => [revenue, revenue_squares]).comparisons;
  isClose(benefit.revenue_difference, money.difference, "difference of revenue");
  isClose(
    (Number(benefit.revenue_difference_to) - 1.5) / 1.959964,
    money.difference / money.welch.t,
    "its standard error",
  );
});

test("a split that nobody intended is found, as by the tool", withDuckDb, () => {
  for (const [count, chiSquared, isWrong, why] of /** @type {const} */ ([
    [1_150, 10.465116279, false, "75² / 1,075 twice: p is 0.0012"],
    [1_200, 18.181818182, true, "100² / 1,100 twice"],
  ])) {
    const rows = lift([...visitors("control", 1_000, 1), ...visitors("benefit", count, 1), LAST]);
    const { sample_ratio } = byTheTool(rows, ({ conversions }) => [conversions, conversions]);
    assert.ok(Math.abs(rows[0].chi_squared - chiSquared) < 1e-8, `${why}: ${rows[0].chi_squared}`);
    isClose(rows[0].chi_squared, sample_ratio.chi_squared, "the tool's");
    assert.deepEqual([rows[0].split_is_wrong, sample_ratio.alarm], [isWrong, isWrong], why);
  }
});

test("only what counts is counted", withDuckDb, () => {
  const whole = [...visitors("control", 40, 4), ...visitors("benefit", 40, 8)];
  const exposed = "tailorbird-hero-words-benefit";
  const met = { event: "experience_impression", exposed };
  const bought = { event: "purchase", order: "N-1", revenue: 1_000 };
  /** @type {[why: string, hits: Hit[], expected: Partial<Row>][]} */
  const cases = [
    ["a hit that is there twice", [whole[0], whole[1], whole[1]], {}],
    ["an order before the exposure", [{ visitor: "benefit-30", at: 0.5, ...bought }], {}],
    ["an order after the days", [{ visitor: "benefit-30", at: 9, ...bought }], {}],
    ["an order of somebody who was not exposed", [{ visitor: "stranger", at: 2, ...bought }], {}],
    ["somebody without an id", [{ visitor: null, at: 1, ...met }], {}],
    ["somebody whose days are not over", [{ visitor: "new", at: 15, ...met }], {}],
    ["another experiment", [{ visitor: "new", at: 1, ...met, exposed: "tailorbird-hero-words" }], {}],
    ["one whose key begins alike", [{ visitor: "new", at: 1, ...met, exposed: `${exposed}-2` }], {}],
    [
      "two variations",
      [{ visitor: "control-1", at: 1.5, ...met }],
      { n: 39, conversions: 3, revenue: 140, met_several: 1 },
    ],
  ];
  const untouched = { n: 40, conversions: 4, revenue: 200, met_several: 0 };
  for (const [why, hits, expected] of cases) {
    const [control, benefit] = lift([...whole, ...hits, LAST]);
    const { n, conversions, revenue, met_several } = control;
    assert.deepEqual({ n, conversions, revenue, met_several }, { ...untouched, ...expected }, why);
    assert.deepEqual([benefit.n, benefit.conversions, benefit.revenue], [40, 8, 400], why);
  }
  // Two orders of one visitor add up, also where the shop gives no numbers; the visitor converted once.
  const again = { visitor: "control-0", event: "purchase", revenue: 10 };
  const [control] = lift([...whole, { ...again, at: 3 }, { ...again, at: 4 }, LAST]);
  assert.deepEqual([control.conversions, control.revenue], [4, 220]);
});

test("BigQuery's text differs from DuckDB's in what reads the export, and in nothing else", () => {
  /** @param {string} text */
  const parts = (text) => text.split(/^(?=-- The same text for BigQuery and DuckDB)/m);
  const [head, common] = parts(SQL);
  const [other, same] = parts(read("docs/sql/lift.bigquery.sql"));
  assert.equal(common, same);
  /** @param {string} text */
  const columns = (text) => [...text.matchAll(/ AS ([a-z_]+),?$/gm)].map(([, name]) => name);
  assert.deepEqual(columns(other), columns(head));
  assert.deepEqual(columns(head), ["visitor", "happened_at", "event", "exp_variant", "order_id", "revenue"]);
});
