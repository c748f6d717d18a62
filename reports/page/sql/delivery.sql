-- Tonight's files and what came of them.
SELECT b.batch_id, b.sender, b.file_name, b.layout, b.units_read, b.accepted, b.rejected, b.held, b.status, b.reason
FROM latest_batch AS b
WHERE b.snapshot = $snapshot
ORDER BY b.sender, b.file_name, b.batch_id
