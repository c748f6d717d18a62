-- The records that an earlier decision about a source names, with who has them now.
SELECT d.record_id, d.decision, l.client_id
FROM settlement AS d
LEFT JOIN client_link AS l ON l.record_id = d.record_id
WHERE d.request_id = $source AND d.record_id <> ''
ORDER BY d.record_id
