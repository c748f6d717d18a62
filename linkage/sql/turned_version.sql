-- The versions of records that contradict themselves, oldest first.
SELECT r.record_id, r.sender, r.source_client_id, n.top, r.sender_time, r.batch_id, r.line, r.birth_date, r.sex
FROM client_record AS r
JOIN turned_record AS t ON t.record_id = r.record_id
JOIN client_link AS l ON l.record_id = r.record_id
JOIN (
    SELECT sender, source_client_id, max(generation) AS top
    FROM client_record
    WHERE source_client_id IN (SELECT source_client_id FROM turned_record)
    GROUP BY sender, source_client_id
) AS n ON n.sender = t.sender AND n.source_client_id = t.source_client_id
ORDER BY r.record_id, r.sender_time NULLS FIRST, r.snapshot, r.batch_id, r.line
