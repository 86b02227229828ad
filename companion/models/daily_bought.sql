-- In how many visits two items were bought together.
SELECT day, item, other_item, COUNT(DISTINCT visit_key) AS visits
FROM bought_pairs
GROUP BY day, item, other_item
