-- How much happened, of all days.
SELECT
  MIN(day) AS first_day,
  MAX(day) AS last_day,
  COUNT(*) AS days,
  CAST(SUM(visits) AS BIGINT) AS all_visits,
  CAST(SUM(clicks) AS BIGINT) AS all_clicks,
  CAST(SUM(views) AS BIGINT) AS all_views,
  CAST(SUM(purchases) AS BIGINT) AS all_purchases
FROM daily_visits
