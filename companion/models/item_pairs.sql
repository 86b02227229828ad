-- Each two items of which somebody looked at one right after the other, the lower name first: how many visitors did so,
-- how many of them before the last day, and how many went up, to the higher name, and down.
SELECT
  low_item,
  high_item,
  COUNT(*) AS visitors,
  COUNT(CASE WHEN earliest_day < last_day THEN 1 END) AS visitors_before,
  COUNT(went_up) AS visitors_up,
  COUNT(went_down) AS visitors_down
FROM (
  SELECT
    LEAST(item, next_item) AS low_item,
    GREATEST(item, next_item) AS high_item,
    visitor_key,
    MIN(day) AS earliest_day,
    MAX(CASE WHEN item < next_item THEN 1 END) AS went_up,
    MAX(CASE WHEN item > next_item THEN 1 END) AS went_down
  FROM daily_next_visitors
  GROUP BY LEAST(item, next_item), GREATEST(item, next_item), visitor_key
) AS witnesses
CROSS JOIN site_visits
GROUP BY low_item, high_item
