-- Pairs of items of which enough visitors looked at one right after the other.
SELECT low_item, high_item
FROM (
  SELECT
    LEAST(item, next_item) AS low_item,
    GREATEST(item, next_item) AS high_item,
    COUNT(DISTINCT visitor_key) AS visitors
  FROM daily_next_visitors
  GROUP BY LEAST(item, next_item), GREATEST(item, next_item)
) AS witnesses
CROSS JOIN params
WHERE visitors >= support
