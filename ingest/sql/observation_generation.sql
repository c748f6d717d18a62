-- The generation of the client of each observation whose client number is several people's.
-- In HL7 that of the same message, else that of the number, as its organisation gave it, at the sender's time.
SELECT DISTINCT o.file_no, o.unit, g.generation
FROM staged_observation AS o
JOIN unit_generation AS g ON g.file_no = o.file_no AND g.unit = o.unit
WHERE o.unit_key = 0 AND g.generation > 1
UNION
SELECT o.file_no, o.unit, coalesce(t.generation, u.generation) AS generation
FROM staged_observation AS o
LEFT JOIN spelling AS s ON s.sender = o.sender AND s.spelling = o.client_namespace
LEFT JOIN tenure AS t ON t.sender = o.sender AND t.source_client_id = o.source_client_id AND t.namespace = coalesce(s.namespace, '')
 AND (t.since IS NULL OR t.since <= o.sender_time) AND (t.until IS NULL OR o.sender_time < t.until)
LEFT JOIN tenure AS u ON u.sender = o.sender AND u.source_client_id = o.source_client_id AND u.namespace = ''
 AND (u.since IS NULL OR u.since <= o.sender_time) AND (u.until IS NULL OR o.sender_time < u.until)
WHERE o.unit_key <> 0 AND coalesce(t.generation, u.generation) > 1
