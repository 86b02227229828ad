-- How often each page came after each context, where enough visitors went that way.
SELECT counted.context, counted.pages_before, counted.way, counted.all_times
FROM (
  SELECT context, pages_before, way, CAST(SUM(times) AS BIGINT) AS all_times
  FROM daily_ways
  GROUP BY context, pages_before, way
) AS counted
JOIN (
  SELECT context, pages_before, way
  FROM (
    SELECT context, pages_before, way, COUNT(DISTINCT visitor_key) AS visitors
    FROM daily_way_visitors
    GROUP BY context, pages_before, way
  ) AS witnesses
  CROSS JOIN params
  WHERE visitors >= support
) AS common
  ON counted.context = common.context AND counted.pages_before = common.pages_before AND counted.way = common.way
