-- Versions of the client numbers that have stood for more than one birth date: where the number may
-- have been given to another person. Tonight's have a file number, those of earlier nights 0.
WITH told AS (
  SELECT c.sender, c.source_client_id, c.generation, c.sender_time, c.batch_id, c.line, c.first_name, c.last_name, c.birth_date, c.sex, c.file_no, c.unit
  FROM staged_client AS c
  LEFT JOIN dropped_unit AS d ON d.file_no = c.file_no AND d.unit = c.unit
  WHERE d.unit IS NULL
  UNION ALL
  SELECT p.sender, p.source_client_id, p.generation, p.sender_time, p.batch_id, p.line, p.first_name, p.last_name, p.birth_date, p.sex,
         CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit
  FROM prior_client_record AS p
  WHERE p.source_client_id IN (SELECT source_client_id FROM staged_client)
     OR p.source_client_id IN (SELECT source_client_id FROM prior_client_record WHERE generation > 1)
)
SELECT t.*
FROM told AS t
JOIN (SELECT sender, source_client_id FROM told GROUP BY sender, source_client_id HAVING min(birth_date) <> max(birth_date)) AS two
  ON two.sender = t.sender AND two.source_client_id = t.source_client_id
ORDER BY t.sender, t.source_client_id, t.sender_time, t.batch_id, t.line
