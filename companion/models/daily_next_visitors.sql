-- Who looked at an item right after another one: as many as it takes to know that enough did.
SELECT day, item, next_item, visitor_key
FROM (
  SELECT
    day,
    item,
    next_item,
    visitor_key,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, item, next_item ORDER BY visitor_key) AS BIGINT) AS witness
  FROM (
    SELECT DISTINCT day, item, next_item, visitor_key
    FROM views
    WHERE next_item IS NOT NULL AND next_item <> item
  ) AS seen
) AS numbered
WHERE witness <= 5
