-- The cut points of RFM: the amount up to which so many fifths of all customers come. Of recency, where little is good,
-- it is that amount; of the others the next larger one, where there is one: where many customers are alike, none of
-- them is above a cut point by a share alone.
SELECT
  figure,
  fifth,
  CASE WHEN figure = 'recency' THEN amount ELSE COALESCE(amount_after, amount) END AS cut_point
FROM (
  SELECT
    figure,
    amount,
    people,
    CAST(SUM(people) OVER (
      PARTITION BY figure ORDER BY amount ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS people_up_to,
    CAST(SUM(people) OVER (
      PARTITION BY figure ORDER BY amount ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS BIGINT) AS all_people,
    LEAD(amount) OVER (PARTITION BY figure ORDER BY amount) AS amount_after
  FROM rfm_amounts
) AS ranked
CROSS JOIN (
  SELECT CAST(1 AS BIGINT) AS fifth
  UNION ALL
  SELECT CAST(2 AS BIGINT) AS fifth
  UNION ALL
  SELECT CAST(3 AS BIGINT) AS fifth
  UNION ALL
  SELECT CAST(4 AS BIGINT) AS fifth
) AS fifths
WHERE 5 * people_up_to >= fifth * all_people AND 5 * (people_up_to - people) < fifth * all_people
