-- Who looked at anything after each item: as many as it takes to know that enough did.
SELECT day, item, visitor_key
FROM (
  SELECT
    day,
    item,
    visitor_key,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, item ORDER BY visitor_key) AS BIGINT) AS witness
  FROM (SELECT DISTINCT day, item, visitor_key FROM repeats) AS seen
) AS numbered
WHERE witness <= 5
