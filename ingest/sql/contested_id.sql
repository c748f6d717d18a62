-- Versions of the client numbers that have had more than one birth date, sex, name or namespace: they may be of two people.
-- Tonight's have a file number, those of earlier nights 0. Where a record was parted (part.go), each version counts once:
-- with the record that it went to, at the time that it was reported.
WITH reported AS (
  SELECT c.sender, c.source_client_id, c.namespace, c.generation, c.follows, c.sender_time, c.batch_id, c.line, c.first_name, c.last_name, c.birth_date, c.sex, c.file_no, c.unit
  FROM staged_client AS c
  LEFT JOIN dropped_unit AS d ON d.file_no = c.file_no AND d.unit = c.unit
  WHERE d.unit IS NULL
  UNION ALL
  SELECT p.sender, p.source_client_id, p.namespace, p.generation, p.follows, p.sender_time, p.batch_id, p.line, p.first_name, p.last_name, p.birth_date, p.sex,
         CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit
  FROM prior_client_record AS p
  WHERE p.source_client_id IN (SELECT source_client_id FROM staged_client)
     OR p.source_client_id IN (SELECT source_client_id FROM dose_client) -- of numbers of several people
    AND p.source_client_id IN (SELECT source_client_id FROM prior_client_record WHERE generation > 1)
),
placed AS (
  SELECT t.*, max(t.generation) OVER (PARTITION BY t.sender, t.source_client_id, t.batch_id, t.line, t.file_no) AS went_to,
         min(t.sender_time) OVER (PARTITION BY t.sender, t.source_client_id, t.batch_id, t.line, t.file_no, t.generation) AS reported_at
  FROM reported AS t
  JOIN (SELECT sender, source_client_id
        FROM reported
        GROUP BY sender, source_client_id
        HAVING min(birth_date) <> max(birth_date) OR min(sex) <> max(sex) OR max(generation) > 1
            OR min(namespace) <> max(namespace) OR count(namespace) BETWEEN 1 AND count(*) - 1) AS two
    ON two.sender = t.sender AND two.source_client_id = t.source_client_id
)
SELECT p.sender, p.source_client_id, coalesce(s.namespace, '') AS namespace, p.generation, coalesce(p.follows, 0) AS follows, p.sender_time, p.batch_id, p.line,
    p.first_name, p.last_name, p.birth_date, p.sex, p.file_no, p.unit
FROM placed AS p
LEFT JOIN spelling AS s ON s.sender = p.sender AND s.spelling = p.namespace
WHERE p.generation = p.went_to AND (p.sender_time = p.reported_at OR p.reported_at IS NULL)
ORDER BY p.sender, p.source_client_id, p.sender_time, p.batch_id, p.line
