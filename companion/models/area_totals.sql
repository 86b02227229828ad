-- How many visitors areas are counted of, those who saw none of the largest included, and how many areas there are.
SELECT LEAST(visitors, max_area_visitors) AS counted_visitors, areas
FROM (SELECT COUNT(DISTINCT visitor_key) AS visitors, COUNT(DISTINCT area) AS areas FROM seen_areas) AS counted
CROSS JOIN params
