-- Figures of the last months' deliveries that are loaded and not taken out again, without files of corrected lines; and
-- that a file was refused whole.
SELECT f.sender, f.received_on, f.batch_id, b.file_name, f.measure, f.item, f.numerator, f.denominator, f.line, f.rule
FROM latest_delivery_figure AS f
JOIN (
    SELECT batch_id, min(file_name) AS file_name FROM latest_batch
    WHERE status IN ('loaded', 'refused') AND replay_of IS NULL
    GROUP BY batch_id
) AS b ON b.batch_id = f.batch_id
WHERE f.received_on > add_days($as_of, -120)
    AND f.batch_id NOT IN (SELECT batch_id FROM latest_batch WHERE status = 'backed_out')
ORDER BY f.sender, f.received_on, f.measure, f.item NULLS FIRST, f.batch_id
