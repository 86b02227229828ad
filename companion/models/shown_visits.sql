-- The visits in which each variant was shown, and whether something was bought in them afterwards, or at that moment.
SELECT
  impressions.day,
  impressions.visitor_key,
  impressions.visit_key,
  impressions.variant,
  CASE WHEN purchases.bought_ts >= impressions.shown_ts THEN 1 ELSE 0 END AS goal
FROM (
  SELECT day, visitor_key, visit_key, item AS variant, MIN(ts) AS shown_ts
  FROM visit_events
  WHERE kind = 'shown'
  GROUP BY day, visitor_key, visit_key, item
) AS impressions
LEFT JOIN (
  SELECT day, visit_key, MAX(ts) AS bought_ts
  FROM visit_events
  WHERE kind = 'purchase'
  GROUP BY day, visit_key
) AS purchases
  ON impressions.day = purchases.day AND impressions.visit_key = purchases.visit_key
