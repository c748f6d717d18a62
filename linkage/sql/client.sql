-- Tonight's persons and those carried over, before restrictions and reviews are put to them.
SELECT c.* FROM client_tonight AS c
UNION ALL
SELECT p.* FROM prior_client AS p
WHERE NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
    AND EXISTS (SELECT 1 FROM client_link AS l WHERE l.client_id = p.client_id)
