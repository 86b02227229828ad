-- Steps that enough visitors made: in this direction, right after.
SELECT item, next_item
FROM (
  SELECT item, next_item, COUNT(DISTINCT visitor_key) AS visitors
  FROM daily_next_visitors
  GROUP BY item, next_item
) AS witnesses
CROSS JOIN params
WHERE visitors >= support
