-- How often the next item is the current one again, by situation; and whether enough visitors were in it.
SELECT
  counted.run_length,
  counted.was_before,
  counted.repeats_before,
  counted.step_number,
  counted.cases,
  counted.again,
  CASE WHEN witnesses.visitors >= support THEN 1 ELSE 0 END AS is_common
FROM (
  SELECT
    run_length,
    was_before,
    repeats_before,
    step_number,
    CAST(SUM(all_cases) AS BIGINT) AS cases,
    CAST(SUM(again_cases) AS BIGINT) AS again
  FROM daily_repeats
  GROUP BY run_length, was_before, repeats_before, step_number
) AS counted
JOIN (
  SELECT run_length, was_before, repeats_before, step_number, COUNT(DISTINCT visitor_key) AS visitors
  FROM daily_repeat_visitors
  GROUP BY run_length, was_before, repeats_before, step_number
) AS witnesses
  ON counted.run_length = witnesses.run_length
    AND counted.was_before = witnesses.was_before
    AND counted.repeats_before = witnesses.repeats_before
    AND counted.step_number = witnesses.step_number
CROSS JOIN params
