-- Each item with the next one and the one after it: right after counts eight, one further counts one.
SELECT day, item, next_item AS other_item, 1 AS is_next, 8 AS eighths
FROM views
WHERE next_item IS NOT NULL AND next_item <> item
UNION ALL
SELECT day, item, second_item AS other_item, 0 AS is_next, 1 AS eighths
FROM views
WHERE second_item IS NOT NULL AND second_item <> item
