-- How many customers have which recency (days without a purchase), frequency (days with one) and monetary value (what a
-- day after the first one was worth on average, in hundredths, of those who bought again for money).
SELECT 'recency' AS figure, age_days - recency_days AS amount, CAST(SUM(customer_count) AS BIGINT) AS people
FROM customers
GROUP BY age_days - recency_days
UNION ALL
SELECT 'frequency' AS figure, further_days + 1 AS amount, CAST(SUM(customer_count) AS BIGINT) AS people
FROM customers
GROUP BY further_days + 1
UNION ALL
SELECT
  'monetary' AS figure,
  CAST(FLOOR(CAST(further_spent AS DOUBLE) / CAST(further_days AS DOUBLE) + 0.5E0) AS BIGINT) AS amount,
  CAST(SUM(customer_count) AS BIGINT) AS people
FROM customers
WHERE further_days > 0 AND further_spent > 0
GROUP BY CAST(FLOOR(CAST(further_spent AS DOUBLE) / CAST(further_days AS DOUBLE) + 0.5E0) AS BIGINT)
