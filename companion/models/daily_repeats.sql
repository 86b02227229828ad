-- How often the next item is the current one again, by situation.
SELECT
  day,
  run_length,
  was_before,
  repeats_before,
  step_number,
  CAST(SUM(cases) AS BIGINT) AS all_cases,
  CAST(SUM(again) AS BIGINT) AS again_cases
FROM repeats
GROUP BY day, run_length, was_before, repeats_before, step_number
