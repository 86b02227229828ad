-- How many visitors saw both of two areas; of an area with itself, how many saw it.
SELECT one.area, other.area AS other_area, COUNT(*) AS visitors
FROM area_visitors AS one
JOIN area_visitors AS other ON one.visitor_key = other.visitor_key
WHERE one.area <= other.area
GROUP BY one.area, other.area
