-- How much of what was seen each day weighs in rules: as of the last day, and as of the last one before it.
SELECT
  days.day,
  COALESCE(recency.weight, 0) AS weight,
  COALESCE(recency_before.weight, 0) AS weight_before
FROM daily_visits AS days
CROSS JOIN site_visits
CROSS JOIN (
  SELECT MAX(daily_visits.day) AS last_day_before
  FROM daily_visits
  CROSS JOIN site_visits
  WHERE daily_visits.day < last_day
) AS days_before
LEFT JOIN recency ON site_visits.last_day - days.day = recency.age
LEFT JOIN recency AS recency_before ON days_before.last_day_before - days.day = recency_before.age
