-- How often anything came after each context of which a page is published, and how many different pages did.
SELECT counted.context, counted.pages_before, counted.times, counted.pages
FROM (
  SELECT
    context,
    pages_before,
    CAST(SUM(times) AS BIGINT) AS times,
    COUNT(DISTINCT way) AS pages
  FROM daily_ways
  GROUP BY context, pages_before
) AS counted
JOIN (SELECT DISTINCT context, pages_before FROM way_counts) AS published
  ON counted.context = published.context AND counted.pages_before = published.pages_before
