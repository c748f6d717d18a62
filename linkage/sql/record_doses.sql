-- The days of the doses reported with each record, joined.
SELECT e.record_id, join_days(e.administered_on) AS doses
FROM newest_event AS e
WHERE e.action = 'A' AND e.completion IN ('CP', 'PA') AND e.administered_on IS NOT NULL
GROUP BY e.record_id
