-- The snapshot in which each affected person began.
SELECT p.client_id, p.since_snapshot
FROM prior_client AS p
JOIN affected_client AS a ON a.client_id = p.client_id
