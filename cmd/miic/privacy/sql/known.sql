-- Whether an id is, or was, somebody's.
SELECT count(*)
FROM (
    SELECT client_id FROM client WHERE client_id = $client
    UNION ALL SELECT client_id FROM client_change WHERE client_id = $client
    UNION ALL SELECT client_id FROM disclosure WHERE client_id = $client
) AS id
