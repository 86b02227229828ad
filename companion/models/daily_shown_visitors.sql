-- Who saw each variant: as many as it takes to know that enough did.
SELECT day, variant, visitor_key
FROM (
  SELECT
    day,
    variant,
    visitor_key,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, variant ORDER BY visitor_key) AS BIGINT) AS witness
  FROM (SELECT DISTINCT day, variant, visitor_key FROM shown_visits) AS seen
) AS numbered
WHERE witness <= 5
