-- The latest visits of more than one item, of the items that enough visitors saw: those of all days, and those of the days
-- before the last one.
SELECT
  chosen.visit_number,
  chosen.is_latest,
  sessions.day,
  sessions.visitor_key,
  sessions.item,
  sessions.from_last
FROM daily_sessions AS sessions
JOIN (
  SELECT day, visit_key, visit_number, CASE WHEN visit_number <= max_sessions THEN 1 ELSE 0 END AS is_latest
  FROM (
    SELECT
      visits.day,
      visits.visit_key,
      CAST(ROW_NUMBER() OVER (ORDER BY visits.day DESC, visits.visit_key) AS BIGINT) AS visit_number,
      CAST(SUM(CASE WHEN visits.day < last_day THEN 1 ELSE 0 END) OVER (
        ORDER BY visits.day DESC, visits.visit_key ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT) AS number_before
    FROM (SELECT day, visit_key FROM daily_sessions WHERE from_last = 1) AS visits
    CROSS JOIN site_visits
  ) AS numbered
  CROSS JOIN params
  WHERE number_before <= max_sessions
) AS chosen
  ON sessions.day = chosen.day AND sessions.visit_key = chosen.visit_key
JOIN items ON sessions.item = items.item
