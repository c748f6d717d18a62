SELECT s.record_id, s.sender, s.sender_kind, l.since_snapshot, s.first, s.last, s.birth_iso
FROM client_link AS l
JOIN standard_record AS s ON s.record_id = l.record_id
WHERE l.client_id = $client
ORDER BY s.record_id
