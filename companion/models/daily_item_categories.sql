-- The category of each item: the one that was given last.
SELECT day, item, category
FROM (
  SELECT
    day,
    item,
    category,
    CAST(ROW_NUMBER() OVER (PARTITION BY day, item ORDER BY last_ts DESC, category) AS BIGINT) AS place
  FROM (
    SELECT day, item, category, MAX(ts) AS last_ts
    FROM visits
    WHERE kind IN ('view', 'purchase') AND item IS NOT NULL AND category IS NOT NULL
    GROUP BY day, item, category
  ) AS given
) AS numbered
WHERE place = 1
