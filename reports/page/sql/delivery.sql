-- Tonight's files and what came of them; what a rollback has left out came on another night.
SELECT b.batch_id, b.sender, b.sender_kind, b.file_name, b.layout, b.sha256, b.received_on,
    b.units_read, b.accepted, b.rejected, b.held, b.status, b.reason
FROM latest_batch AS b
WHERE b.snapshot = $snapshot AND b.status <> 'left_out'
ORDER BY b.sender, b.file_name, b.batch_id
