-- Who went that way: as many as it takes to know that enough did.
SELECT day, context, pages_before, way, visitor_key
FROM (
  SELECT
    day,
    context,
    pages_before,
    way,
    visitor_key,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, context, pages_before, way ORDER BY visitor_key) AS BIGINT) AS witness
  FROM (SELECT DISTINCT day, context, pages_before, way, visitor_key FROM way_steps) AS seen
) AS numbered
WHERE witness <= 5
