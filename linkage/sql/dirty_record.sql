-- The records whose linkage form is new or other than in the parent snapshot.
SELECT t.record_id
FROM standard_tonight AS t
LEFT JOIN prior_standard_record AS p ON p.record_id = t.record_id
WHERE p.record_id IS NULL OR p.content_hash <> t.content_hash OR p.model <> t.model
