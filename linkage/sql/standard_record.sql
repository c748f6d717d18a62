-- Tonight's records in linkage form and those carried over.
SELECT * FROM standard_tonight
UNION ALL
SELECT p.* FROM prior_standard_record AS p
WHERE NOT EXISTS (SELECT 1 FROM standard_tonight AS t WHERE t.record_id = p.record_id)
    AND EXISTS (SELECT 1 FROM client_record AS c WHERE c.record_id = p.record_id)
