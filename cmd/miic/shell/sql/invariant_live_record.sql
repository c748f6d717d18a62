-- The live records that belong to nobody.
SELECT 1 AS breach
FROM standard_record AS s
LEFT JOIN client_link AS l ON l.record_id = s.record_id
WHERE NOT s.withdrawn AND l.record_id IS NULL
