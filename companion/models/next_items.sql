-- How often an item was looked at right after another one, of steps that enough visitors made.
SELECT steps.item, steps.other_item, CAST(SUM(steps.next_views) AS BIGINT) AS all_next_views
FROM daily_steps AS steps
JOIN common_steps ON steps.item = common_steps.item AND steps.other_item = common_steps.next_item
GROUP BY steps.item, steps.other_item
