-- What was shown, and what was bought, by visit.
SELECT day, visitor_key, visit_key, ts, kind, item
FROM visit_events
WHERE kind IN ('shown', 'purchase')
