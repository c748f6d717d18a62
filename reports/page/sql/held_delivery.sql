-- Files that an earlier night has held and nobody has decided about.
SELECT b.batch_id, b.sender, b.file_name, b.layout, b.units_read, b.accepted, b.rejected, b.held, b.status, b.reason
FROM latest_batch AS b
WHERE b.snapshot < $snapshot AND b.status = 'held'
    AND NOT EXISTS (SELECT 1 FROM latest_batch AS x WHERE x.batch_id = b.batch_id AND x.snapshot > b.snapshot)
    AND NOT EXISTS (
        SELECT 1 FROM latest_batch AS x
        WHERE x.batch_id = b.batch_id AND x.status = 'loaded'
            AND NOT EXISTS (
                SELECT 1 FROM latest_batch AS o
                WHERE o.batch_id = x.batch_id AND o.status = 'backed_out' AND o.snapshot > x.snapshot
            )
    )
ORDER BY b.sender, b.file_name, b.batch_id
