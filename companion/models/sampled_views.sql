-- The views of the visits that whole orders are learned from, each with the one before it.
SELECT
  views.day,
  views.visitor_key,
  views.visit_key,
  views.item,
  views.step,
  LAG(views.item) OVER (PARTITION BY views.visit_key, views.day ORDER BY views.step) AS item_before,
  views.next_item
FROM views
JOIN sample ON views.day = sample.day AND views.visit_key = sample.visit_key
