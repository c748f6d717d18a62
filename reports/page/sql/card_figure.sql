-- Figures of the last months' deliveries that are loaded and not taken out again, without files of corrected lines.
SELECT f.sender, f.received_on, f.batch_id, f.measure, f.item, f.numerator, f.denominator, f.line, f.rule
FROM latest_delivery_figure AS f
WHERE f.received_on > add_days($as_of, -120)
    AND f.batch_id IN (SELECT batch_id FROM latest_batch WHERE status = 'loaded' AND replay_of IS NULL)
    AND f.batch_id NOT IN (SELECT batch_id FROM latest_batch WHERE status = 'backed_out')
ORDER BY f.sender, f.received_on, f.measure, f.item NULLS FIRST, f.batch_id
