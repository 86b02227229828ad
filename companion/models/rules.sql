-- What was looked at after each item, of pairs that enough visitors saw one right after the other: its weight, the more
-- the sooner after and the later; the same without the last day; and how often it was looked at right after the item,
-- where enough visitors made that step. What does not count is zero.
SELECT
  steps.item,
  steps.other_item,
  CAST(SUM(steps.eighths_sum * day_weights.weight) AS BIGINT) AS rule_weight,
  CAST(
    SUM(CASE WHEN pairs.visitors_before >= support THEN steps.eighths_sum * day_weights.weight_before ELSE 0 END) AS BIGINT
  ) AS rule_weight_before,
  CAST(SUM(
    CASE
      WHEN CASE WHEN steps.item < steps.other_item THEN pairs.visitors_up ELSE pairs.visitors_down END >= support
        THEN steps.next_views
      ELSE 0
    END
  ) AS BIGINT) AS all_next_views
FROM daily_steps AS steps
JOIN item_pairs AS pairs
  ON pairs.low_item = LEAST(steps.item, steps.other_item) AND pairs.high_item = GREATEST(steps.item, steps.other_item)
JOIN day_weights ON steps.day = day_weights.day
CROSS JOIN params
WHERE pairs.visitors >= support
GROUP BY steps.item, steps.other_item
