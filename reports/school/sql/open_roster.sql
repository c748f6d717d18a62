-- The rosters of schools that came lately, are still in force, and that no night has answered.
SELECT b.sender, b.batch_id, b.snapshot
FROM (
    SELECT *, row_number() OVER (PARTITION BY sender, batch_id ORDER BY snapshot DESC) AS place
    FROM batch
    WHERE status IN ('loaded', 'backed_out', 'left_out')
) AS b
WHERE b.place = 1 AND b.status = 'loaded' AND b.sender_kind = 'school' AND b.received_on > add_days($as_of, -31)
    AND NOT EXISTS (
        SELECT 1 FROM prior_answered_list AS a
        WHERE a.batch_id = b.batch_id AND a.sender = b.sender AND a.snapshot >= b.snapshot
    )
