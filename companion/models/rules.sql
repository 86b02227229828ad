-- What was looked at after each item, of pairs that enough visitors saw one right after the other: its weight, the more
-- the sooner after and the later.
SELECT
  steps.item,
  steps.other_item,
  CAST(SUM(steps.eighths_sum * recency.weight) AS BIGINT) AS rule_weight
FROM daily_steps AS steps
JOIN common_pairs
  ON common_pairs.low_item = LEAST(steps.item, steps.other_item)
    AND common_pairs.high_item = GREATEST(steps.item, steps.other_item)
CROSS JOIN site_visits
JOIN recency ON site_visits.last_day - steps.day = recency.age
GROUP BY steps.item, steps.other_item
