-- The days of the doses reported with each record, and the days and products of those that its sender gave itself, joined.
SELECT e.record_id, join_days(e.administered_on) AS doses,
    nullif(join_days(CASE WHEN NOT e.historical AND e.cvx IS NOT NULL
        THEN CAST(e.administered_on AS VARCHAR) || ':' || CAST(e.cvx AS VARCHAR) END), '') AS given
FROM newest_event AS e
WHERE e.action = 'A' AND e.completion IN ('CP', 'PA') AND e.administered_on IS NOT NULL
GROUP BY e.record_id
