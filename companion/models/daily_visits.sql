-- How much happened.
SELECT
  day,
  COUNT(*) AS visits,
  COUNT(DISTINCT visitor_key) AS visitors,
  CAST(SUM(visit_clicks) AS BIGINT) AS clicks,
  CAST(SUM(visit_views) AS BIGINT) AS views,
  CAST(SUM(visit_purchases) AS BIGINT) AS purchases
FROM visit_totals
GROUP BY day
