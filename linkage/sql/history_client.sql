-- The persons whose former values are worked out again tonight.
SELECT c.client_id
FROM client_now AS c
LEFT JOIN affected_client AS a ON a.client_id = c.client_id
LEFT JOIN prior_client AS p ON p.client_id = c.client_id
WHERE NOT c.opted_out AND NOT c.locked AND NOT c.sealed
    AND (a.client_id IS NOT NULL OR p.opted_out OR p.locked OR p.sealed)
