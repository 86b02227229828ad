-- The visits from which is learned what takes their whole order: `max_visits` a day. Visits are numbered by chance, so
-- they are a fair sample.
SELECT day, visit_key
FROM (
  SELECT day, visit_key, CAST(ROW_NUMBER() OVER (PARTITION BY day ORDER BY visit_key) AS BIGINT) AS place
  FROM visit_totals
) AS numbered
CROSS JOIN params
WHERE place <= max_visits
