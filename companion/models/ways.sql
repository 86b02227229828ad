-- Each page with the five before it. Of the same moment the lower name comes first.
SELECT
  day,
  visitor_key,
  way,
  LAG(way, 1) OVER (PARTITION BY visit_key, day ORDER BY ts, way) AS before_1,
  LAG(way, 2) OVER (PARTITION BY visit_key, day ORDER BY ts, way) AS before_2,
  LAG(way, 3) OVER (PARTITION BY visit_key, day ORDER BY ts, way) AS before_3,
  LAG(way, 4) OVER (PARTITION BY visit_key, day ORDER BY ts, way) AS before_4,
  LAG(way, 5) OVER (PARTITION BY visit_key, day ORDER BY ts, way) AS before_5
FROM sampled_ways
