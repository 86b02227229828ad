-- Customers as BG/NBD and Gamma-Gamma see them: on how many days after the first one they bought, when the last of them
-- was and how long ago the first one is, in days, and what they spent on the days after it. A row stands for all who
-- are alike in that. What they spent is their sum: means, rounded to hundredths, would not make fewer rows of the
-- developers' 2,357 customers (1,030), and would change the fifth digit of what is fitted to them. Of more than
-- `max_customers` it has so many; visitors are numbered by chance, so they are a fair sample.
SELECT further_days, recency_days, age_days, further_spent, COUNT(*) AS customer_count
FROM (
  SELECT
    histories.further_days,
    histories.recency_days,
    site_visits.last_day - histories.first_day AS age_days,
    histories.further_spent,
    CAST(ROW_NUMBER() OVER (ORDER BY histories.visitor_key) AS BIGINT) AS place
  FROM (
    SELECT
      visitor_key,
      COUNT(*) - 1 AS further_days,
      MAX(day) - MIN(day) AS recency_days,
      MIN(day) AS first_day,
      GREATEST(CAST(SUM(CASE WHEN order_number > 1 THEN spent ELSE 0 END) AS BIGINT), 0) AS further_spent
    FROM (
      SELECT
        visitor_key,
        day,
        spent,
        CAST(ROW_NUMBER() OVER (PARTITION BY visitor_key ORDER BY day) AS BIGINT) AS order_number
      FROM daily_orders
    ) AS numbered
    GROUP BY visitor_key
  ) AS histories
  CROSS JOIN site_visits
) AS placed
CROSS JOIN params
WHERE place <= max_customers
GROUP BY further_days, recency_days, age_days, further_spent
