-- The entries of lists that the plan's own number finds, where the birth date agrees.
SELECT DISTINCT e.entry_id, c.client_id
FROM roster_entry AS e
JOIN care_list AS k ON k.batch_id = e.batch_id AND k.snapshot = e.snapshot AND k.sender = e.sender
JOIN client_record AS r ON r.sender = e.sender AND r.source_client_id = e.list_id_1 AND NOT r.withdrawn
JOIN client_link AS l ON l.record_id = r.record_id
JOIN client AS c ON c.client_id = l.client_id AND c.birth_date = e.birth_date
