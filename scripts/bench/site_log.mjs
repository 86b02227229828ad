/**
 * Logs of a made-up shop, as large as asked for: a file a day of 30 days, as an analytics export has them.
 *
 * 3,000 items of 20 categories, of which few are seen often (Zipf's law). A visit has 1 to 15 events, 5 on average. It
 * walks from item to neighbour within a category, and now and then jumps anywhere; one in 25 ends with an order of one
 * item or two. Visitors have 2.4 visits on average, unevenly. The same version of DuckDB makes the same log each time.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

export const DAYS = 30;
const ITEMS = 3_000;
const CATEGORIES = 20;
/** How many events visits have, each as often. */
const LENGTHS = [1, 1, 2, 3, 4, 5, 9, 15];
const MEAN_LENGTH = 5;
const EVENTS_BY_VISITOR = 12;
/** 1 January 2026, in seconds. */
const FIRST_DAY = 1_767_225_600;
const DAY = 86_400;

/** The columns of a log. */
export const MAP = `[columns]
time = "time"
time_unit = "ms"
visitor = "visitor"
session = "session"
event = "event"
item = "item"
category = "category"
page = "page"
order = "order_id"
quantity = "quantity"
price = "price"

[events]
view = ["view_item"]
purchase = ["purchase"]
page = ["page_view"]
`;

/**
 * A map that does not know that there are pages.
 *
 * @param {string} map
 */
export const withoutPages = (map) => map.replace(/^page = "page"\n/m, "");

/** `share(number, kind)`: a number from 0 to 1 by chance, of what has that number, another one for each kind. */
const SHARE = "CREATE MACRO share(number, kind) AS (hash(number * 32 + kind) >> 11) / 9007199254740992e0;";

/**
 * The events of one day.
 *
 * @param {number} events of all days, roughly
 * @param {number} day from 0
 */
const eventsOf = (events, day) => {
  const visits = Math.round(events / MEAN_LENGTH / DAYS);
  const visitors = Math.round(events / EVENTS_BY_VISITOR);
  const perCategory = ITEMS / CATEGORIES;
  return `
    WITH visits AS (
      SELECT
        visit,
        hash(floor(${visitors} * share(visit, 0) ** 1.5)) AS visitor,
        ${FIRST_DAY + day * DAY} + CAST(floor(80000 * share(visit, 1)) AS BIGINT) AS start,
        [${LENGTHS.join(", ")}][CAST(floor(${LENGTHS.length} * share(visit, 2)) AS BIGINT) + 1] AS length,
        CASE WHEN share(visit, 3) < 0.04 THEN CAST(floor(2 * share(visit, 4)) AS BIGINT) + 1 ELSE 0 END AS bought
      FROM range(${day * visits}, ${(day + 1) * visits}) AS numbers(visit)
    ),
    steps AS (
      SELECT *, visit * 16 + step AS number, step = 0 OR share(visit * 16 + step, 5) < 0.12 AS jumps
      FROM (SELECT *, UNNEST(range(length)) AS step FROM visits)
    ),
    legs AS (SELECT *, SUM(CAST(jumps AS BIGINT)) OVER (PARTITION BY visit ORDER BY step) AS leg FROM steps),
    walks AS (
      SELECT
        *,
        CAST(floor(${ITEMS} ** share(visit * 16 + leg, 6)) AS BIGINT) - 1 AS popularity,
        SUM(CASE WHEN jumps THEN 0 ELSE CAST(floor(6 * share(number, 7)) AS BIGINT) - 2 END)
          OVER (PARTITION BY visit, leg ORDER BY step) AS moved
      FROM legs
    ),
    seen AS (
      SELECT
        *,
        popularity % ${CATEGORIES} AS category_number,
        popularity % ${CATEGORIES} * ${perCategory}
          + (popularity // ${CATEGORIES} + moved + ${perCategory}) % ${perCategory} AS item_number,
        CASE WHEN step >= length - bought THEN 'purchase'
             WHEN share(number, 8) < 0.1 THEN 'page_view' ELSE 'view_item' END AS event
      FROM walks
    )
    SELECT
      CAST(1000 * (start + 40 * step) + floor(30000 * share(number, 9)) AS BIGINT) AS time,
      CAST(visitor AS VARCHAR) AS visitor,
      CAST(start AS VARCHAR) AS session,
      event,
      CASE WHEN event <> 'page_view' THEN 'item-' || item_number END AS item,
      'category-' || category_number AS category,
      '/category-' || category_number || CASE WHEN event <> 'page_view' THEN '/item-' || item_number ELSE '' END AS page,
      CASE WHEN event = 'purchase' THEN 'order-' || visit END AS order_id,
      CASE WHEN event = 'purchase' THEN 1 + CAST(floor(2 * share(number, 10)) AS BIGINT) END AS quantity,
      CASE WHEN event = 'purchase' THEN round(5 + 200 * share(item_number, 11), 2) END AS price
    FROM seen
    ORDER BY time, visitor, session`;
};

/**
 * Writes a log into a folder.
 *
 * @param {string} duckDb
 * @param {string} folder
 * @param {number} events roughly
 * @param {"parquet" | "csv"} format
 */
export const makeLog = async (duckDb, folder, events, format) => {
  const statements = [SHARE];
  for (let day = 0; day < DAYS; day++) {
    const ofDay = join(folder, `day=${new Date(1_000 * (FIRST_DAY + day * DAY)).toISOString().slice(0, 10)}`);
    await mkdir(ofDay, { recursive: true });
    statements.push(`COPY (${eventsOf(events, day)}) TO '${join(ofDay, `log.${format}`)}' (FORMAT ${format});`);
  }
  const engine = spawn(duckDb, ["-no-init", "-batch", "-bail"], { stdio: ["pipe", "ignore", "inherit"] });
  const exited = once(engine, "exit");
  engine.stdin.end(statements.join("\n"));
  const [code] = await exited;
  if (code !== 0) throw new Error("duckdb could not make the log");
};
