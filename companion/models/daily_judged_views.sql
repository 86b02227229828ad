-- The views of some visits of each day in their order, by which a model of the days before can be judged: of at most
-- `max_judged` visits of more than one view, numbered by chance, the first `max_items` views.
SELECT views.day, views.visit_key, views.step, views.item
FROM views
JOIN (
  SELECT day, visit_key, CAST(ROW_NUMBER() OVER (PARTITION BY day ORDER BY visit_key) AS BIGINT) AS place
  FROM views
  WHERE step = 2
) AS numbered
  ON views.day = numbered.day AND views.visit_key = numbered.visit_key
CROSS JOIN params
WHERE numbered.place <= max_judged AND views.step <= max_items
