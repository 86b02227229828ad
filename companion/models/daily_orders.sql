-- What each visitor spent on a day.
SELECT day, visitor_key, CAST(SUM(COALESCE(value, 0)) AS BIGINT) AS spent
FROM visits
WHERE kind = 'purchase'
GROUP BY day, visitor_key
