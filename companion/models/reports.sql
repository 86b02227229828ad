-- The different lines of what was reported, and how often each was; what is no JSON is one. Reports say little, so many are
-- alike. Whether a line is a report is judged once, wherever it was counted.
SELECT
  COALESCE(line, '') AS line_text,
  CASE WHEN line IS NULL THEN 0 ELSE 1 END AS is_json,
  COUNT(*) AS times
FROM report_lines
GROUP BY line
