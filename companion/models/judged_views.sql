-- The views of the last day by which the model of the days before is judged.
SELECT judged.visit_key, judged.step, judged.item
FROM daily_judged_views AS judged
CROSS JOIN site_visits
WHERE judged.day = last_day
