-- The items that enough visitors saw.
SELECT popularity.item, popularity.all_visits, COALESCE(categories.category, '') AS item_category
FROM (
  SELECT item, CAST(SUM(visits) AS BIGINT) AS all_visits
  FROM daily_items
  GROUP BY item
) AS popularity
JOIN (
  SELECT item
  FROM (SELECT item, COUNT(DISTINCT visitor_key) AS visitors FROM daily_item_visitors GROUP BY item) AS witnesses
  CROSS JOIN params
  WHERE visitors >= support
) AS common
  ON popularity.item = common.item
LEFT JOIN (
  SELECT item, category
  FROM (
    SELECT item, category, CAST(ROW_NUMBER() OVER (PARTITION BY item ORDER BY day DESC) AS BIGINT) AS place
    FROM daily_item_categories
  ) AS given
  WHERE place = 1
) AS categories
  ON popularity.item = categories.item
