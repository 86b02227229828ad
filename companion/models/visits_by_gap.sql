-- Clicks by visit, where the log has no sessions. A visit ends after `gap_ms` without a click; and it ends at midnight,
-- so that a day can be counted alone.
SELECT
  day,
  visitor_key,
  visitor_key + CAST(SUM(CASE WHEN ts - ts_before > gap_ms THEN 1 ELSE 0 END) OVER (
    PARTITION BY day, visitor_key ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS BIGINT) AS visit_key,
  ts,
  kind,
  item,
  category,
  page,
  value
FROM (
  SELECT
    day,
    visitor_key,
    ts,
    kind,
    item,
    category,
    page,
    value,
    LAG(ts) OVER (PARTITION BY day, visitor_key ORDER BY ts) AS ts_before,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, visitor_key ORDER BY ts) AS BIGINT) AS place
  FROM clicks
) AS ordered
CROSS JOIN params
