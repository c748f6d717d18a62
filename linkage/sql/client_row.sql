-- The newest version of each record of the affected persons, as survivorship reads it.
SELECT l.client_id, r.*, b.sender_kind
FROM newest_record AS r
JOIN client_link AS l ON l.record_id = r.record_id
LEFT JOIN batch_kind AS b ON b.batch_id = r.batch_id
WHERE l.client_id IN (SELECT client_id FROM affected_client)
ORDER BY l.client_id, r.record_id
