-- How many visits had so many clicks, of all days.
SELECT visit_length, CAST(SUM(visits) AS BIGINT) AS all_visits
FROM daily_lengths
GROUP BY visit_length
