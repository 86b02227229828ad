-- The different lines of what was reported, and how often each was. Reports say little, so many are alike; whether one
-- is a report is judged once, wherever it was counted.
SELECT line, COUNT(*) AS times
FROM report_lines
GROUP BY line
