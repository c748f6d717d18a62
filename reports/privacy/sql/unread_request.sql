-- Files of families' requests that could not be read whole, with no later good one from the same sender.
WITH file AS (
    SELECT batch_id, sender, sender_kind, file_name, layout, status, units_read, accepted, rejected, snapshot, sender_time
    FROM latest_batch
)
SELECT bad.batch_id, bad.sender, bad.file_name, bad.status, bad.rejected, bad.snapshot
FROM file AS bad
WHERE (bad.sender_kind = 'families' OR bad.layout = 'family-requests')
    AND (bad.status IN ('refused', 'held', 'left', 'declined') OR bad.status = 'loaded' AND bad.rejected > 0
        OR bad.status = 'left_out' AND (bad.units_read = 0 OR bad.accepted < bad.units_read))
    AND NOT EXISTS ( -- what came of a delivery last counts: one that was returned may be empty
        SELECT 1 FROM file AS later
        WHERE later.batch_id = bad.batch_id AND later.sender = bad.sender AND later.file_name = bad.file_name
            AND later.snapshot > bad.snapshot)
    AND NOT EXISTS (
        SELECT 1 FROM file AS good
        WHERE good.sender = bad.sender AND good.status = 'loaded' AND good.rejected = 0
            AND (good.snapshot > bad.snapshot OR good.snapshot = bad.snapshot AND bad.status <> 'left' AND good.sender_time > bad.sender_time))
UNION ALL
-- and files of such that lie in the wrong place, until they lie there no more or an operator has refused them
SELECT s.batch_id, s.sender, s.file_name, s.status, s.rejected, s.snapshot
FROM file AS s
WHERE s.status = 'stray'
    AND NOT EXISTS (
        SELECT 1 FROM file AS later
        WHERE later.batch_id = s.batch_id AND later.sender = s.sender AND later.file_name = s.file_name
            AND later.snapshot > s.snapshot)
ORDER BY snapshot, sender, file_name, batch_id
