-- Each page after the contexts of no page to five pages before it, the last page of a context first.
SELECT day, visitor_key, '' AS context, 0 AS pages_before, way
FROM ways
UNION ALL
SELECT day, visitor_key, before_1 AS context, 1 AS pages_before, way
FROM ways
WHERE before_1 IS NOT NULL
UNION ALL
SELECT day, visitor_key, CONCAT(before_1, separator, before_2) AS context, 2 AS pages_before, way
FROM ways
CROSS JOIN params
WHERE before_2 IS NOT NULL
UNION ALL
SELECT day, visitor_key, CONCAT(before_1, separator, before_2, separator, before_3) AS context, 3 AS pages_before, way
FROM ways
CROSS JOIN params
WHERE before_3 IS NOT NULL
UNION ALL
SELECT
  day,
  visitor_key,
  CONCAT(before_1, separator, before_2, separator, before_3, separator, before_4) AS context,
  4 AS pages_before,
  way
FROM ways
CROSS JOIN params
WHERE before_4 IS NOT NULL
UNION ALL
SELECT
  day,
  visitor_key,
  CONCAT(before_1, separator, before_2, separator, before_3, separator, before_4, separator, before_5) AS context,
  5 AS pages_before,
  way
FROM ways
CROSS JOIN params
WHERE before_5 IS NOT NULL
