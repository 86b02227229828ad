-- The different items that were bought in a visit; of more than `max_items` the first by name.
SELECT day, visitor_key, visit_key, item
FROM (
  SELECT
    day,
    visitor_key,
    visit_key,
    item,
    CAST(ROW_NUMBER() OVER (PARTITION BY visit_key, day ORDER BY item) AS BIGINT) AS place
  FROM (
    SELECT DISTINCT day, visitor_key, visit_key, item FROM visits WHERE kind = 'purchase' AND item IS NOT NULL
  ) AS bought
) AS numbered
CROSS JOIN params
WHERE place <= max_items
