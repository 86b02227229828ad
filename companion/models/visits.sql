-- Clicks by visit. What was shown to a visitor is none.
SELECT day, visitor_key, visit_key, ts, kind, item, category, page, value
FROM visit_events
WHERE kind <> 'shown'
