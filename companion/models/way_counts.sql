-- How often each page came after each context, where enough visitors went that way.
SELECT ways.context, ways.pages_before, ways.way, CAST(SUM(ways.times) AS BIGINT) AS all_times
FROM daily_ways AS ways
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
  ON ways.context = common.context AND ways.pages_before = common.pages_before AND ways.way = common.way
GROUP BY ways.context, ways.pages_before, ways.way
