-- Events in the order in which visitors had them: one visitor after the other, each one's sessions one after the other
-- by their first events, and the events of a session by time. What happened in the same millisecond is put in an order
-- of its own, because engines do not keep that of files: orders by id, then by name and item. What was shown is left
-- out.
SELECT
  e.visitor AS visitor,
  e.session AS session,
  e.ts AS ts,
  e.kind AS kind,
  e.name AS name,
  e.item AS item,
  e.category AS category,
  e.page AS page,
  e.order_id AS order_id,
  e.quantity AS quantity,
  e.price AS price,
  e.value AS value
FROM events AS e
LEFT JOIN (
  SELECT visitor AS of_visitor, session AS of_session, MIN(ts) AS began
  FROM events
  WHERE session IS NOT NULL AND kind <> 'shown'
  GROUP BY visitor, session
) AS s
  ON e.visitor = s.of_visitor AND e.session = s.of_session
WHERE e.kind <> 'shown'
ORDER BY
  e.visitor,
  COALESCE(s.began, e.ts),
  COALESCE(e.session, ''),
  e.ts,
  -- A page is opened before anything happens on it.
  CASE WHEN e.kind = 'page' THEN 0 ELSE 1 END,
  COALESCE(e.order_id, ''),
  e.name,
  COALESCE(e.item, ''),
  COALESCE(e.page, ''),
  COALESCE(e.category, ''),
  COALESCE(e.price, -1),
  COALESCE(e.quantity, -1),
  COALESCE(e.value, -1)
