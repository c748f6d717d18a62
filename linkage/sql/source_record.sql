SELECT r.*, b.sender_kind, d.doses
FROM newest_record AS r
LEFT JOIN batch_kind AS b ON b.batch_id = r.batch_id
LEFT JOIN record_doses AS d ON d.record_id = r.record_id
ORDER BY r.record_id
