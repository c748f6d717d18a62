-- The generation of the client of each dose whose client number is several people's.
-- In HL7 that of the same message, else that of the number, as its organisation gave it, at the sender's time of the dose.
SELECT DISTINCT e.file_no, e.line, g.generation
FROM staged_event AS e
JOIN unit_generation AS g ON g.file_no = e.file_no AND g.unit = e.unit
WHERE e.unit_key = 0 AND g.generation > 1
UNION
SELECT e.file_no, e.line, coalesce(t.generation, u.generation) AS generation
FROM staged_event AS e
LEFT JOIN spelling AS s ON s.sender = e.sender AND s.spelling = e.client_namespace
LEFT JOIN tenure AS t ON t.sender = e.sender AND t.source_client_id = e.source_client_id AND t.namespace = coalesce(s.namespace, '')
 AND (t.since IS NULL OR t.since <= e.sender_time) AND (t.until IS NULL OR e.sender_time < t.until)
LEFT JOIN tenure AS u ON u.sender = e.sender AND u.source_client_id = e.source_client_id AND u.namespace = ''
 AND (u.since IS NULL OR u.since <= e.sender_time) AND (u.until IS NULL OR e.sender_time < u.until)
WHERE e.unit_key <> 0 AND coalesce(t.generation, u.generation) > 1
