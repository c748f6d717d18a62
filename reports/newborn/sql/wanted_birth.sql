-- The birth records to look at tonight: those that came and are not settled, and those that wait.
SELECT f.record_id
FROM fresh_record AS f
LEFT JOIN settled_birth AS s ON s.record_id = f.record_id
WHERE s.record_id IS NULL AND f.sender IN (SELECT sender FROM batch WHERE sender_kind = 'vital_records')
UNION
SELECT record_id
FROM settled_birth
WHERE outcome IN ('same_child', 'restricted', 'dead', 'unreceived', 'waiting')
