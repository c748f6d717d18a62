-- The records whose link is not as it was in the parent snapshot, those that have none any more among them.
SELECT n.record_id
FROM new_link AS n
LEFT JOIN prior_client_link AS p ON p.record_id = n.record_id
WHERE p.record_id IS NULL OR p.client_id <> n.client_id OR p.since_snapshot <> n.since_snapshot
UNION
SELECT p.record_id
FROM prior_client_link AS p
WHERE p.record_id IN (SELECT record_id FROM touched_record) -- no other record can have been withdrawn
    AND NOT EXISTS (SELECT 1 FROM link_index AS i WHERE i.record_id = p.record_id)
