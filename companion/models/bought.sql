-- In how many visits two items were bought together, where enough visitors did that.
SELECT bought.item, bought.other_item, CAST(SUM(bought.visits) AS BIGINT) AS all_visits
FROM daily_bought AS bought
JOIN (
  SELECT item, other_item
  FROM (
    SELECT item, other_item, COUNT(DISTINCT visitor_key) AS visitors
    FROM daily_bought_visitors
    GROUP BY item, other_item
  ) AS witnesses
  CROSS JOIN params
  WHERE visitors >= support
) AS common
  ON bought.item = common.item AND bought.other_item = common.other_item
GROUP BY bought.item, bought.other_item
