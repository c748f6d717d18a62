-- Tonight's notices that are not disclosed exactly once in the file of the person's region, and the reverse.
WITH notified AS (
    SELECT n.client_id, n.snapshot, 'regions/' || c.region || '/' || n.kind || '.csv' AS output
    FROM notice AS n LEFT JOIN client AS c ON c.client_id = n.client_id
    WHERE n.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_notice)
), disclosed AS (
    SELECT client_id, snapshot, output, count(*) AS times
    FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND substr(output, 1, 8) = 'regions/'
        AND (output LIKE '%/reminder.csv' OR output LIKE '%/recall.csv')
    GROUP BY client_id, snapshot, output
)
SELECT coalesce(t.client_id, d.client_id) AS client_id
FROM notified AS t
FULL JOIN disclosed AS d ON d.client_id = t.client_id AND d.snapshot = t.snapshot AND d.output = t.output
WHERE t.client_id IS NULL OR d.client_id IS NULL OR d.times <> 1
