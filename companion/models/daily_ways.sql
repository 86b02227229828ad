-- How often each page came after each context.
SELECT day, context, pages_before, way, COUNT(*) AS times
FROM way_steps
GROUP BY day, context, pages_before, way
