-- Items that were bought in the same visit, each with each other one.
SELECT one.day, one.visitor_key, one.visit_key, one.item, other.item AS other_item
FROM bought_items AS one
JOIN bought_items AS other
  ON one.day = other.day AND one.visit_key = other.visit_key
WHERE one.item <> other.item
