-- How often the next item is the current one again, of the items after which enough visitors looked at anything.
SELECT counted.item, counted.cases, counted.again
FROM (
  SELECT item, CAST(SUM(all_cases) AS BIGINT) AS cases, CAST(SUM(again_cases) AS BIGINT) AS again
  FROM daily_item_repeats
  GROUP BY item
) AS counted
JOIN (
  SELECT item
  FROM (
    SELECT item, COUNT(DISTINCT visitor_key) AS visitors FROM daily_item_repeat_visitors GROUP BY item
  ) AS witnesses
  CROSS JOIN params
  WHERE visitors >= support
) AS common
  ON counted.item = common.item
