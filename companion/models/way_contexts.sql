-- How often anything came after each context of which a page is published, and how many different pages did.
SELECT
  ways.context,
  ways.pages_before,
  CAST(SUM(ways.times) AS BIGINT) AS times,
  COUNT(DISTINCT ways.way) AS pages
FROM daily_ways AS ways
JOIN (SELECT DISTINCT context, pages_before FROM way_counts) AS published
  ON ways.context = published.context AND ways.pages_before = published.pages_before
GROUP BY ways.context, ways.pages_before
