-- The latest visits of more than one item, of the items that enough visitors saw.
SELECT chosen.visit_number, sessions.day, sessions.visitor_key, sessions.item, sessions.from_last
FROM daily_sessions AS sessions
JOIN (
  SELECT day, visit_key, visit_number
  FROM (
    SELECT day, visit_key, CAST(ROW_NUMBER() OVER (ORDER BY day DESC, visit_key) AS BIGINT) AS visit_number
    FROM (SELECT DISTINCT day, visit_key FROM daily_sessions) AS different
  ) AS numbered
  CROSS JOIN params
  WHERE visit_number <= max_sessions
) AS chosen
  ON sessions.day = chosen.day AND sessions.visit_key = chosen.visit_key
JOIN items ON sessions.item = items.item
