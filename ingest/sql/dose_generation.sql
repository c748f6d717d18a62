-- The generation of the client of each dose whose client number was re-used.
-- In HL7 that of the same message, else that of the number at the sender's time of the dose.
SELECT DISTINCT e.file_no, e.line, coalesce(g.generation, t.generation) AS generation
FROM staged_event AS e
JOIN tenure AS t ON t.sender = e.sender AND t.source_client_id = e.source_client_id
 AND (t.since IS NULL OR t.since <= e.sender_time) AND (t.until IS NULL OR e.sender_time < t.until)
LEFT JOIN unit_generation AS g ON g.file_no = e.file_no AND g.unit = e.unit AND e.unit_key = 0
WHERE coalesce(g.generation, t.generation) > 1
