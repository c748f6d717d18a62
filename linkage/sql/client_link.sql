-- The records that belong to another person than in the parent snapshot, or to their first one.
SELECT n.record_id, n.client_id, n.since_snapshot
FROM new_link AS n
LEFT JOIN prior_client_link AS p ON p.record_id = n.record_id
WHERE p.record_id IS NULL OR p.client_id <> n.client_id OR p.since_snapshot <> n.since_snapshot
