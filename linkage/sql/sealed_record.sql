-- The records of persons who were sealed in the parent snapshot, with the request that sealed each.
SELECT l.record_id, r.source_id
FROM prior_restriction AS r
JOIN prior_client_link AS l ON l.client_id = r.client_id
WHERE r.kind = 'seal' AND r.basis IN ('matched', 'operator')
ORDER BY l.record_id, r.source_id
