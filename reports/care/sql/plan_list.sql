-- The lists of members that plans have sent and that are still in force, and whether a night has answered them.
SELECT b.sender, b.batch_id, b.snapshot, b.layout, b.received_on, EXISTS (
    SELECT 1 FROM prior_answered_list AS a
    WHERE a.batch_id = b.batch_id AND a.sender = b.sender AND a.snapshot >= b.snapshot
) AS answered
FROM (
    SELECT *, row_number() OVER (PARTITION BY sender, batch_id ORDER BY snapshot DESC) AS place
    FROM batch
    WHERE status IN ('loaded', 'backed_out', 'left_out')
        AND sender IN (SELECT name FROM care_plan) AND layout IN (SELECT name FROM care_layout)
) AS b
WHERE b.place = 1 AND b.status = 'loaded'
ORDER BY b.sender, b.received_on, b.batch_id
