-- How many visits had so many clicks, the longest ones together.
SELECT day, LEAST(clicks, max_clicks) AS visit_length, COUNT(*) AS visits
FROM (SELECT day, visit_key, COUNT(*) AS clicks FROM visits GROUP BY day, visit_key) AS counted
CROSS JOIN params
GROUP BY day, LEAST(clicks, max_clicks)
