-- Clinics of which a file was refused, held or left for the next night and none has been read since.
-- What they reported may be missing, so that a recall of their patients could be wrong.
SELECT sender
FROM latest_batch
WHERE sender_kind = 'clinic'
GROUP BY sender
HAVING coalesce(max(snapshot) FILTER (WHERE status IN ('refused', 'held', 'left')), 0)
    >= coalesce(max(snapshot) FILTER (WHERE status IN ('loaded', 'empty')), 1)
ORDER BY sender
