-- Views of items, each with those beside it in its visit. Of the same moment the lower id comes first.
SELECT
  day,
  visitor_key,
  visit_key,
  item,
  CAST(ROW_NUMBER() OVER (PARTITION BY day, visit_key ORDER BY ts, item) AS BIGINT) AS step,
  LAG(item) OVER (PARTITION BY day, visit_key ORDER BY ts, item) AS item_before,
  LEAD(item) OVER (PARTITION BY day, visit_key ORDER BY ts, item) AS next_item,
  LEAD(item, 2) OVER (PARTITION BY day, visit_key ORDER BY ts, item) AS second_item
FROM visits
WHERE kind = 'view' AND item IS NOT NULL
