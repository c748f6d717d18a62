-- The newest version, tonight's or a stored one, of the records whose people are compared.
SELECT record_id, sender, source_client_id, '' AS namespace, generation, 0 AS follows, sender_time, batch_id, line, first_name, last_name, birth_date, sex,
    CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit
FROM (SELECT v.*, row_number() OVER (PARTITION BY v.record_id ORDER BY v.sender_time DESC NULLS LAST, v.tonight DESC, v.batch_id DESC, v.line DESC) AS place
      FROM (SELECT CASE WHEN g.generation > 1 THEN substr(c.record_id, 1, length(c.record_id) - 1) || CAST(g.generation AS VARCHAR) ELSE c.record_id END AS record_id,
                c.sender, c.source_client_id, c.generation, c.sender_time, c.batch_id, c.line, c.first_name, c.last_name, c.birth_date, c.sex, 1 AS tonight
            FROM staged_client AS c
            LEFT JOIN unit_generation AS g ON g.file_no = c.file_no AND g.unit = c.unit
            WHERE c.source_client_id IN (SELECT source_client_id FROM asked_record)
            UNION ALL
            SELECT p.record_id, p.sender, p.source_client_id, p.generation, p.sender_time, p.batch_id, p.line, p.first_name, p.last_name, p.birth_date, p.sex, 0 AS tonight
            FROM prior_client_record AS p
            WHERE p.record_id IN (SELECT record_id FROM asked_record)) AS v
      WHERE v.record_id IN (SELECT record_id FROM asked_record)) AS newest
WHERE place = 1
