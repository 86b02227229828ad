-- How much happened.
SELECT
  day,
  COUNT(DISTINCT visit_key) AS visits,
  COUNT(DISTINCT visitor_key) AS visitors,
  COUNT(*) AS clicks,
  COUNT(CASE WHEN kind = 'view' AND item IS NOT NULL THEN 1 END) AS views,
  COUNT(CASE WHEN kind = 'purchase' THEN 1 END) AS purchases
FROM visits
GROUP BY day
