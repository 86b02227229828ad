-- The views of the visits that whole orders are learned from.
SELECT
  views.day,
  views.visitor_key,
  views.visit_key,
  views.item,
  views.step,
  views.item_before,
  views.next_item
FROM views
JOIN sample ON views.day = sample.day AND views.visit_key = sample.visit_key
