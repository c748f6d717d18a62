-- Doses before every birth date that their client's number has had: kept, and told. In HL7 the reader has
-- seen those that lie before the birth date of their own message.
WITH early AS (
  SELECT e.file_no, e.unit, e.line, e.unit_offset, e.sender, e.source_client_id, e.administered_on
  FROM staged_event AS e
  WHERE e.early AND e.unit_key = 0 AND e.action = 'A'
  UNION ALL
  SELECT e.file_no, e.unit, e.line, e.unit_offset, e.sender, e.source_client_id, e.administered_on
  FROM staged_event AS e
  JOIN (SELECT c.file_no, c.sender, c.source_client_id, k.birth_date
        FROM dose_client AS c
        JOIN known_client AS k ON k.sender = c.sender AND k.source_client_id = c.source_client_id
        WHERE c.earliest < k.birth_date) AS born
    ON born.file_no = e.file_no AND born.sender = e.sender AND born.source_client_id = e.source_client_id
  WHERE e.administered_on < born.birth_date AND e.unit_key <> 0 AND e.action = 'A'
)
SELECT e.file_no, e.unit, e.line, min(e.unit_offset) AS unit_offset
FROM early AS e
LEFT JOIN (SELECT k.sender, k.source_client_id, k.birth_date FROM known_client AS k
           UNION ALL
           SELECT c.sender, c.source_client_id, c.birth_date FROM staged_client AS c
           WHERE c.sender IN (SELECT sender FROM early)) AS other
  ON other.sender = e.sender AND other.source_client_id = e.source_client_id AND other.birth_date <= e.administered_on
WHERE other.sender IS NULL
GROUP BY e.file_no, e.unit, e.line
