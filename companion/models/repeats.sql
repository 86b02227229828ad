-- Views that another one follows, each with its situation (how long the current item's run is, whether it was seen
-- before that run, how often the visit has repeated, which step it is), by visitor: how often the next is the same.
SELECT
  day,
  visitor_key,
  item,
  run_length,
  was_before,
  repeats_before,
  step_number,
  COUNT(*) AS cases,
  COUNT(CASE WHEN next_item = item THEN 1 END) AS again
FROM (
  SELECT
    day,
    visitor_key,
    item,
    next_item,
    LEAST(run, max_run) AS run_length,
    CASE WHEN seen > run THEN 1 ELSE 0 END AS was_before,
    LEAST(repeated, max_repeats) AS repeats_before,
    LEAST(step, max_step) AS step_number
  FROM (
    SELECT
      day,
      visitor_key,
      item,
      next_item,
      step,
      step + 1 - MAX(CASE WHEN item_before IS NULL OR item_before <> item THEN step END) OVER (
        PARTITION BY visit_key, day ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS run,
      CAST(SUM(CASE WHEN item_before = item THEN 1 ELSE 0 END) OVER (
        PARTITION BY visit_key, day ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS BIGINT) AS repeated,
      CAST(ROW_NUMBER() OVER (PARTITION BY visit_key, day, item ORDER BY step) AS BIGINT) AS seen
    FROM sampled_views
  ) AS histories
  CROSS JOIN params
  WHERE next_item IS NOT NULL
) AS situations
GROUP BY day, visitor_key, item, run_length, was_before, repeats_before, step_number
