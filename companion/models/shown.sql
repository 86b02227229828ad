-- In how many visits each variant was shown and something was bought afterwards, of the variants that enough visitors
-- saw.
SELECT counted.variant, counted.all_visits, counted.all_goals
FROM (
  SELECT variant, CAST(SUM(visits) AS BIGINT) AS all_visits, CAST(SUM(goals) AS BIGINT) AS all_goals
  FROM daily_shown
  GROUP BY variant
) AS counted
JOIN (
  SELECT variant
  FROM (SELECT variant, COUNT(DISTINCT visitor_key) AS visitors FROM daily_shown_visitors GROUP BY variant) AS witnesses
  CROSS JOIN params
  WHERE visitors >= support
) AS common
  ON counted.variant = common.variant
