-- Which areas each visitor saw: categories where the log has them, else pages.
SELECT DISTINCT day, visitor_key, CASE WHEN area_of = 'category' THEN category ELSE page END AS area
FROM visits
CROSS JOIN params
WHERE CASE WHEN area_of = 'category' THEN category ELSE page END IS NOT NULL
