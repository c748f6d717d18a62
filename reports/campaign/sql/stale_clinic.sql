-- Clinics of which a file was refused, held or left for the next night and none has been read since, or which a rollback
-- has left out.
-- What they reported may be missing, so that a recall of their patients could be wrong.
SELECT sender
FROM latest_batch
WHERE sender_kind = 'clinic'
GROUP BY sender
HAVING coalesce(max(snapshot) FILTER (WHERE status IN ('refused', 'held', 'left')), 0)
    >= coalesce(max(snapshot) FILTER (WHERE status IN ('loaded', 'empty')), 1)
UNION
SELECT o.sender
FROM latest_batch AS o
WHERE o.sender_kind = 'clinic' AND o.status = 'left_out'
    AND NOT EXISTS (
        SELECT 1 FROM latest_batch AS x
        WHERE x.batch_id = o.batch_id AND x.snapshot > o.snapshot AND x.status <> 'duplicate'
    )
ORDER BY sender
