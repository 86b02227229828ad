-- Views of items, each with the two after it in its visit. Of the same moment the lower id comes first. The visit is
-- named before its day, which is what engines then sort by first: days are few, and comparing them decides little.
SELECT
  day,
  visitor_key,
  visit_key,
  item,
  CAST(ROW_NUMBER() OVER (PARTITION BY visit_key, day ORDER BY ts, item) AS BIGINT) AS step,
  LEAD(item) OVER (PARTITION BY visit_key, day ORDER BY ts, item) AS next_item,
  LEAD(item, 2) OVER (PARTITION BY visit_key, day ORDER BY ts, item) AS second_item
FROM visits
WHERE kind = 'view' AND item IS NOT NULL
