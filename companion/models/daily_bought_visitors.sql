-- Who did that: as many as it takes to know that enough did.
SELECT day, item, other_item, visitor_key
FROM (
  SELECT
    day,
    item,
    other_item,
    visitor_key,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, item, other_item ORDER BY visitor_key) AS BIGINT) AS witness
  FROM (SELECT DISTINCT day, item, other_item, visitor_key FROM bought_pairs) AS bought
) AS numbered
WHERE witness <= 5
