-- How many visits had so many clicks, the longest ones together.
SELECT day, LEAST(visit_clicks, max_clicks) AS visit_length, COUNT(*) AS visits
FROM visit_totals
CROSS JOIN params
GROUP BY day, LEAST(visit_clicks, max_clicks)
