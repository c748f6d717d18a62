-- The records and pseudo-records of tonight in linkage form, and whether each is dirty.
SELECT s.*, d.record_id IS NOT NULL AS dirty
FROM standard_record AS s
LEFT JOIN dirty_record AS d ON d.record_id = s.record_id
UNION ALL
SELECT q.*, true AS dirty FROM standard_request AS q
