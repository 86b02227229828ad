-- The views of the last day by which the model of the days before is judged, of the items that were seen on those days.
SELECT judged.visit_key, judged.step, judged.item
FROM daily_judged_views AS judged
CROSS JOIN site_visits
JOIN (
  SELECT DISTINCT daily_items.item
  FROM daily_items
  CROSS JOIN site_visits
  WHERE daily_items.day < last_day
) AS seen_before
  ON judged.item = seen_before.item
WHERE judged.day = last_day
