-- How much too few visitors stand behind.
SELECT
  all_items - published_items AS left_out_items,
  all_steps - published_steps AS left_out_steps,
  all_ways - published_ways AS left_out_ways
FROM (SELECT COUNT(DISTINCT item) AS all_items FROM daily_items) AS every_item
CROSS JOIN (SELECT COUNT(*) AS published_items FROM items) AS common_items
CROSS JOIN (
  SELECT
    COUNT(CASE WHEN visitors_up > 0 THEN 1 END) + COUNT(CASE WHEN visitors_down > 0 THEN 1 END) AS all_steps,
    COUNT(CASE WHEN visitors_up >= support THEN 1 END) + COUNT(CASE WHEN visitors_down >= support THEN 1 END)
      AS published_steps
  FROM item_pairs
  CROSS JOIN params
) AS steps
CROSS JOIN (
  SELECT COUNT(*) AS all_ways FROM (SELECT DISTINCT context, pages_before, way FROM daily_ways) AS different_ways
) AS every_way
CROSS JOIN (SELECT COUNT(*) AS published_ways FROM way_counts) AS common_ways
