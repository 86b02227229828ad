-- What sampled visits led through: pages where the log has them, else categories.
SELECT
  visits.day,
  visits.visitor_key,
  visits.visit_key,
  visits.ts,
  CASE WHEN way_of = 'page' THEN visits.page ELSE visits.category END AS way
FROM visits
JOIN sample ON visits.day = sample.day AND visits.visit_key = sample.visit_key
CROSS JOIN params
WHERE CASE WHEN way_of = 'page' THEN visits.page ELSE visits.category END IS NOT NULL
