-- In how many visits each variant was shown, and in how many of them something was bought afterwards.
SELECT day, variant, COUNT(*) AS visits, CAST(SUM(goal) AS BIGINT) AS goals
FROM shown_visits
GROUP BY day, variant
