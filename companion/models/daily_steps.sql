-- What was looked at after each item, and how often right after it.
SELECT
  day,
  item,
  other_item,
  CAST(SUM(eighths) AS BIGINT) AS eighths_sum,
  CAST(SUM(is_next) AS BIGINT) AS next_views
FROM steps
GROUP BY day, item, other_item
