-- Units of the last files of each sender and layout that were loaded before tonight, the newest first.
SELECT sender, layout, units_read
FROM (
    SELECT b.sender, b.layout, b.units_read, b.snapshot, b.file_name, b.batch_id,
        row_number() OVER (PARTITION BY b.sender, b.layout ORDER BY b.snapshot DESC, b.file_name, b.batch_id) AS place
    FROM latest_batch AS b
    WHERE b.snapshot < $snapshot AND b.status = 'loaded' AND b.replay_of IS NULL AND b.layout IS NOT NULL
) AS ranked
WHERE place <= $nights
ORDER BY sender, layout, place
