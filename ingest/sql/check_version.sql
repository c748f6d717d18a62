-- Tonight's client records beside the newest version of the same record before the night.
-- One that begins, because its number is another person's now, is beside that of the person before.
WITH before AS (
  SELECT p.record_id, p.birth_date, p.sex, p.first_name, s.namespace,
         row_number() OVER (PARTITION BY p.record_id ORDER BY p.sender_time DESC NULLS LAST, p.snapshot DESC NULLS LAST, p.batch_id DESC NULLS LAST, p.line DESC NULLS LAST) AS place
  FROM prior_client_record AS p
  LEFT JOIN spelling AS s ON s.sender = p.sender AND s.spelling = p.namespace
  WHERE p.source_client_id IN (SELECT source_client_id FROM staged_client)
),
tonight AS (
  SELECT s.file_no, s.unit, s.unit_offset, coalesce(g.generation, s.generation) AS generation, s.birth_date, s.sex, s.first_name, n.namespace,
         substr(s.record_id, 1, length(s.record_id) - 1) AS number,
         CASE WHEN g.follows = 0 THEN g.generation - 1 ELSE coalesce(g.follows, 0) END AS follows
  FROM staged_client AS s
  LEFT JOIN dropped_unit AS d ON d.file_no = s.file_no AND d.unit = s.unit
  LEFT JOIN unit_generation AS g ON g.file_no = s.file_no AND g.unit = s.unit
  LEFT JOIN spelling AS n ON n.sender = s.sender AND n.spelling = s.namespace
  WHERE d.unit IS NULL AND NOT s.withdrawn
)
SELECT t.file_no, t.unit, t.unit AS line_no, t.unit_offset, t.generation, t.follows, b.record_id IS NULL AS begins,
    t.birth_date, b.birth_date AS birth_before, t.sex, b.sex AS sex_before, t.first_name, b.first_name AS first_before,
    t.namespace, b.namespace AS namespace_before,
    o.first_name AS first_other, coalesce(u.birth_date, false) AS birth_contradicts, coalesce(u.sex, false) AS sex_contradicts
FROM tonight AS t
LEFT JOIN before AS b ON b.record_id = t.number || CAST(t.generation AS VARCHAR) AND b.place = 1
LEFT JOIN before AS o ON t.follows > 0 AND o.record_id = t.number || CAST(t.follows AS VARCHAR) AND o.place = 1
LEFT JOIN turned_unit AS u ON u.file_no = t.file_no AND u.unit = t.unit
