-- In how many visits each item was seen: its popularity. Whoever bought an item has seen it, if not on a page.
SELECT day, item, COUNT(DISTINCT visit_key) AS visits
FROM visits
WHERE kind IN ('view', 'purchase') AND item IS NOT NULL
GROUP BY day, item
