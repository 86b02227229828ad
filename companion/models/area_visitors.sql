-- Who saw which of the `max_areas` areas that most visitors saw; of at most `max_area_visitors` visitors, which are
-- numbered by chance.
SELECT seen.visitor_key, seen.area
FROM seen_areas AS seen
JOIN (
  SELECT visitor_key
  FROM (
    SELECT visitor_key, CAST(ROW_NUMBER() OVER (ORDER BY visitor_key) AS BIGINT) AS place
    FROM (SELECT DISTINCT visitor_key FROM seen_areas) AS different
  ) AS numbered
  CROSS JOIN params
  WHERE place <= max_area_visitors
) AS sampled
  ON seen.visitor_key = sampled.visitor_key
JOIN (
  SELECT area
  FROM (
    SELECT area, visitors, CAST(ROW_NUMBER() OVER (ORDER BY visitors DESC, area) AS BIGINT) AS place
    FROM (
      SELECT area, COUNT(*) AS visitors FROM seen_areas GROUP BY area
    ) AS counted
  ) AS ranked
  CROSS JOIN params
  WHERE place <= max_areas AND visitors >= support
) AS largest
  ON seen.area = largest.area
