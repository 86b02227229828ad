-- In how many visits each item was seen: its popularity.
SELECT day, item, COUNT(DISTINCT visit_key) AS visits
FROM views
GROUP BY day, item
