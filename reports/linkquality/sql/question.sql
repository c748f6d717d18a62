-- The questions that wait, by their reason and the day on which they were asked.
-- That is the day of the night, or of the last one before it on which a file came.
WITH night AS (
    SELECT snapshot, max(received_on) AS on_day FROM latest_batch GROUP BY snapshot
), asked AS (
    SELECT q.reason, q.snapshot, max(n.on_day) AS on_day
    FROM latest_review_item AS q
    LEFT JOIN night AS n ON n.snapshot <= q.snapshot
    WHERE q.decision = 'open'
    GROUP BY q.reason, q.snapshot
)
SELECT a.reason, a.on_day, count(*) AS questions
FROM latest_review_item AS q
JOIN asked AS a ON a.reason = q.reason AND a.snapshot = q.snapshot
WHERE q.decision = 'open'
GROUP BY a.reason, a.on_day
ORDER BY a.reason, a.on_day
