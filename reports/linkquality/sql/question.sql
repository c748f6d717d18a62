-- The questions that wait, by their reason and the day on which they were asked.
-- That is the day of the night, or of the last one before it on which a file came.
WITH night AS (
    SELECT snapshot, max(received_on) AS on_day FROM latest_batch GROUP BY snapshot
), asked AS (
    SELECT reason, snapshot, count(*) AS questions
    FROM latest_review_item
    WHERE decision = 'open'
    GROUP BY reason, snapshot
), dated AS (
    SELECT a.reason, a.questions, max(n.on_day) AS on_day
    FROM asked AS a
    LEFT JOIN night AS n ON n.snapshot <= a.snapshot
    GROUP BY a.reason, a.snapshot, a.questions
)
SELECT reason, on_day, CAST(sum(questions) AS BIGINT) AS questions
FROM dated
GROUP BY reason, on_day
ORDER BY reason, on_day
