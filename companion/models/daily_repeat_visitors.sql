-- Who was in each situation: as many as it takes to know that enough were.
SELECT day, run_length, was_before, repeats_before, step_number, visitor_key
FROM (
  SELECT
    day,
    run_length,
    was_before,
    repeats_before,
    step_number,
    visitor_key,
    CAST(ROW_NUMBER() OVER (
      PARTITION BY day, run_length, was_before, repeats_before, step_number ORDER BY visitor_key
    ) AS BIGINT) AS witness
  FROM (
    SELECT DISTINCT day, run_length, was_before, repeats_before, step_number, visitor_key FROM repeats
  ) AS seen
) AS numbered
WHERE witness <= 5
