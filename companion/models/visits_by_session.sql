-- Clicks by visit, where the log has sessions. A visit ends at midnight, so that a day can be counted alone. What has
-- no session is a visit of its visitor.
SELECT day, visitor_key, COALESCE(session_key, visitor_key) AS visit_key, ts, kind, item, category, page, value
FROM clicks
