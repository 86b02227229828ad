-- How many of the visits to items were to the most popular ones: at most `max_points` points of that curve, which ends
-- with the last item.
SELECT item_rank, visits_up_to
FROM (
  SELECT
    CAST(ROW_NUMBER() OVER (ORDER BY item_visits DESC, item) AS BIGINT) AS item_rank,
    CAST(SUM(item_visits) OVER (
      ORDER BY item_visits DESC, item ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS visits_up_to
  FROM (SELECT item, CAST(SUM(visits) AS BIGINT) AS item_visits FROM daily_items GROUP BY item) AS summed
) AS ranked
CROSS JOIN (SELECT COUNT(DISTINCT item) AS all_items FROM daily_items) AS counted
CROSS JOIN params
WHERE FLOOR(CAST(item_rank * max_points AS DOUBLE) / CAST(all_items AS DOUBLE))
  > FLOOR(CAST((item_rank - 1) * max_points AS DOUBLE) / CAST(all_items AS DOUBLE))
