-- Tonight's former values and those carried over, of people who may appear in outputs.
SELECT t.* FROM history_tonight AS t
UNION ALL
SELECT p.*
FROM prior_client_history AS p
JOIN client_now AS c ON c.client_id = p.client_id
WHERE NOT c.opted_out AND NOT c.locked AND NOT c.sealed
    AND NOT EXISTS (SELECT 1 FROM history_client AS a WHERE a.client_id = p.client_id)
    AND NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
