-- The different items of each visit, those that were seen last first, for the index of sessions: of visits of more than
-- one, the latest `max_items`.
SELECT day, visitor_key, visit_key, item, from_last
FROM (
  SELECT
    day,
    visitor_key,
    visit_key,
    item,
    COUNT(*) OVER (PARTITION BY visit_key, day) AS items_of_visit,
    CAST(ROW_NUMBER() OVER (PARTITION BY visit_key, day ORDER BY last_step DESC) AS BIGINT) AS from_last
  FROM (
    SELECT day, visitor_key, visit_key, item, MAX(step) AS last_step
    FROM sampled_views
    GROUP BY day, visitor_key, visit_key, item
  ) AS latest
) AS numbered
CROSS JOIN params
WHERE items_of_visit > 1 AND from_last <= max_items
