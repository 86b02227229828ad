-- How often the next item is the current one again, by item.
SELECT day, item, CAST(SUM(cases) AS BIGINT) AS all_cases, CAST(SUM(again) AS BIGINT) AS again_cases
FROM repeats
GROUP BY day, item
