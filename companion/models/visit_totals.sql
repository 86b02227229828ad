-- How much happened in each visit.
SELECT
  day,
  visitor_key,
  visit_key,
  COUNT(*) AS visit_clicks,
  COUNT(CASE WHEN kind = 'view' AND item IS NOT NULL THEN 1 END) AS visit_views,
  COUNT(CASE WHEN kind = 'purchase' THEN 1 END) AS visit_purchases
FROM visits
GROUP BY day, visitor_key, visit_key
