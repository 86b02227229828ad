-- Lift of an experiment, from GA4's export into BigQuery.
-- What to change: the table and the days in FROM, `settings` and `variations`.
WITH
hits AS (
  SELECT
    user_pseudo_id AS visitor,
    event_timestamp AS happened_at,
    event_name AS event,
    (SELECT value.string_value FROM UNNEST(event_params) WHERE key = 'exp_variant_string' LIMIT 1) AS exp_variant,
    COALESCE(NULLIF(ecommerce.transaction_id, '(not set)'), CAST(event_timestamp AS STRING)) AS order_id,
    ecommerce.purchase_revenue AS revenue
  FROM `project.analytics_123456789.events_*`
  WHERE _TABLE_SUFFIX BETWEEN '20261101' AND '20261130'
),
-- The same text for BigQuery and DuckDB from here to the end.
settings AS (
  SELECT
    'hero-words' AS experiment, -- its key in the config
    'purchase' AS goal,         -- the event that counts as success
    7 AS days                   -- for how many days after the first exposure it counts
),
-- The keys of the variations, the share of visitors that each should get, and which is the control.
variations AS (
  SELECT 'control' AS variation, 0.5e0 AS weight, TRUE AS is_control
  UNION ALL SELECT 'benefit', 0.5e0, FALSE
),
-- When each visitor first met the experiment, and how many variations they met.
first_exposures AS (
  SELECT
    hits.visitor,
    MIN(variations.variation) AS variation,
    MIN(hits.happened_at) AS exposed_at,
    COUNT(DISTINCT variations.variation) AS variations_met
  FROM hits
  CROSS JOIN settings
  JOIN variations
    ON hits.exp_variant = CONCAT('tailorbird-', settings.experiment, '-', variations.variation)
  WHERE hits.event = 'experience_impression' AND hits.visitor IS NOT NULL
  GROUP BY hits.visitor
),
-- Who is counted: met one variation, and had all the days in which the goal counts. A day is 86,400,000,000 µs.
visitors AS (
  SELECT
    first_exposures.visitor,
    first_exposures.variation,
    first_exposures.exposed_at,
    first_exposures.exposed_at + settings.days * 86400000000 AS counted_until
  FROM first_exposures
  CROSS JOIN settings
  WHERE first_exposures.variations_met = 1
    AND first_exposures.exposed_at + settings.days * 86400000000 <= (SELECT MAX(happened_at) FROM hits)
),
-- What they did within these days.
afterwards AS (
  SELECT visitors.visitor, hits.event, hits.order_id, hits.revenue
  FROM visitors
  JOIN hits ON hits.visitor = visitors.visitor
  WHERE hits.happened_at >= visitors.exposed_at AND hits.happened_at < visitors.counted_until
),
reached AS (
  SELECT DISTINCT afterwards.visitor
  FROM afterwards
  CROSS JOIN settings
  WHERE afterwards.event = settings.goal
),
-- An order that was sent twice counts once.
orders AS (
  SELECT visitor, order_id, MAX(revenue) AS revenue
  FROM afterwards
  WHERE event = 'purchase'
  GROUP BY visitor, order_id
),
spent AS (
  SELECT visitor, SUM(revenue) AS revenue
  FROM orders
  GROUP BY visitor
),
outcomes AS (
  SELECT
    visitors.variation,
    CASE WHEN reached.visitor IS NULL THEN 0 ELSE 1 END AS converted,
    COALESCE(spent.revenue, 0) AS revenue
  FROM visitors
  LEFT JOIN reached ON reached.visitor = visitors.visitor
  LEFT JOIN spent ON spent.visitor = visitors.visitor
),
sums AS (
  SELECT
    variations.variation,
    variations.weight,
    variations.is_control,
    COUNT(outcomes.variation) AS n,
    COALESCE(SUM(outcomes.converted), 0) AS conversions,
    COALESCE(SUM(outcomes.revenue), 0) AS revenue,
    COALESCE(SUM(outcomes.revenue * outcomes.revenue), 0) AS revenue_squares
  FROM variations
  LEFT JOIN outcomes ON outcomes.variation = variations.variation
  GROUP BY variations.variation, variations.weight, variations.is_control
),
-- Means, and the squares of their standard errors: the sample variance, with n - 1, over n.
means AS (
  SELECT
    variation,
    is_control,
    n,
    conversions,
    revenue,
    revenue_squares,
    conversions / NULLIF(n, 0) AS rate,
    (conversions - conversions * (conversions / NULLIF(n, 0))) / NULLIF(n - 1, 0) / NULLIF(n, 0) AS rate_error,
    revenue / NULLIF(n, 0) AS mean_revenue,
    (revenue_squares - revenue * (revenue / NULLIF(n, 0))) / NULLIF(n - 1, 0) / NULLIF(n, 0) AS revenue_error
  FROM sums
),
totals AS (
  SELECT SUM(n) AS n, SUM(weight) AS weight, COUNT(*) - 1 AS degrees
  FROM sums
),
-- Whether visitors were split as intended: Pearson's chi-squared.
split AS (
  SELECT
    totals.degrees,
    SUM(
      POWER(sums.n - totals.n * sums.weight / totals.weight, 2) / NULLIF(totals.n * sums.weight / totals.weight, 0)
    ) AS chi_squared
  FROM sums
  CROSS JOIN totals
  GROUP BY totals.degrees
),
compared AS (
  SELECT
    means.variation,
    means.is_control,
    means.n,
    means.conversions,
    means.rate,
    means.revenue,
    means.revenue_squares,
    means.mean_revenue,
    CASE WHEN means.is_control THEN NULL ELSE means.rate - control.rate END AS difference,
    1.959964e0 * SQRT(means.rate_error + control.rate_error) AS margin,
    (means.rate - control.rate) / NULLIF(control.rate, 0) AS relative_lift,
    CASE WHEN means.is_control THEN NULL ELSE means.mean_revenue - control.mean_revenue END AS revenue_difference,
    1.959964e0 * SQRT(means.revenue_error + control.revenue_error) AS revenue_margin
  FROM means
  CROSS JOIN (SELECT * FROM means WHERE is_control) AS control
)
SELECT
  compared.variation,
  compared.n,
  compared.conversions,
  compared.rate,
  compared.difference,
  compared.difference - compared.margin AS difference_from,
  compared.difference + compared.margin AS difference_to,
  CASE WHEN compared.is_control THEN NULL ELSE compared.relative_lift END AS relative_lift,
  compared.revenue,
  compared.revenue_squares,
  compared.mean_revenue,
  compared.revenue_difference,
  compared.revenue_difference - compared.revenue_margin AS revenue_difference_from,
  compared.revenue_difference + compared.revenue_margin AS revenue_difference_to,
  split.chi_squared,
  -- p below 0.001, of two to six variations.
  split.chi_squared > CASE split.degrees
    WHEN 1 THEN 10.828 WHEN 2 THEN 13.816 WHEN 3 THEN 16.266 WHEN 4 THEN 18.467 WHEN 5 THEN 20.515
  END AS split_is_wrong,
  (SELECT COUNT(*) FROM first_exposures WHERE variations_met > 1) AS met_several
FROM compared
CROSS JOIN split
ORDER BY compared.is_control DESC, compared.variation
