-- Doses before every birth date that their client's number has had: kept, and told. In HL7 the client
-- stands in the same message.
SELECT e.file_no, e.unit, e.line, min(e.unit_offset) AS unit_offset
FROM staged_event AS e
JOIN (SELECT c.file_no, c.sender, c.source_client_id, b.birth_date
      FROM dose_client AS c
      JOIN (SELECT sender, source_client_id, min(birth_date) AS birth_date
            FROM (SELECT k.sender, k.source_client_id, k.birth_date FROM known_client AS k
                  UNION ALL
                  SELECT s.sender, s.source_client_id, s.birth_date FROM staged_client AS s
                  WHERE s.file_no IN (SELECT file_no FROM dose_client WHERE elsewhere = 0)) AS told
            GROUP BY sender, source_client_id) AS b
        ON b.sender = c.sender AND b.source_client_id = c.source_client_id
      WHERE c.earliest < b.birth_date) AS born
  ON born.file_no = e.file_no AND born.sender = e.sender AND born.source_client_id = e.source_client_id
WHERE e.administered_on < born.birth_date AND e.action = 'A'
GROUP BY e.file_no, e.unit, e.line
