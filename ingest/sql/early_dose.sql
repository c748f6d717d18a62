-- Doses before every birth date that their client's number has had: kept, and told. In HL7 the client
-- stands in the same message.
SELECT e.file_no, e.unit, e.line, min(e.unit_offset) AS unit_offset
FROM staged_event AS e
JOIN (SELECT sender, source_client_id, min(birth_date) AS birth_date
      FROM (SELECT k.sender, k.source_client_id, k.birth_date FROM known_client AS k
            UNION ALL
            SELECT c.sender, c.source_client_id, c.birth_date FROM staged_client AS c
            WHERE c.file_no IN (SELECT file_no FROM staged_event WHERE unit_key = 0)) AS told
      GROUP BY sender, source_client_id) AS born
  ON born.sender = e.sender AND born.source_client_id = e.source_client_id
WHERE e.administered_on < born.birth_date AND e.action = 'A'
GROUP BY e.file_no, e.unit, e.line
