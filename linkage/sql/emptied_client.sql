-- The persons of the parent snapshot who have no record any more.
SELECT DISTINCT p.client_id AS id
FROM prior_client_link AS p
WHERE p.record_id IN (SELECT record_id FROM changed_link)
    AND NOT EXISTS (SELECT 1 FROM client_link AS l WHERE l.client_id = p.client_id)
ORDER BY p.client_id
