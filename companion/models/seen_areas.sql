-- Who saw which area, on any day.
SELECT DISTINCT visitor_key, area
FROM daily_areas
