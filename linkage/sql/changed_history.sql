-- The persons whose former names, addresses and phones are worked out again, or may no longer be kept.
SELECT client_id FROM affected_client
UNION
SELECT client_id FROM history_client
UNION
SELECT p.client_id
FROM prior_client_history AS p
JOIN client_now AS c ON c.client_id = p.client_id
WHERE c.opted_out OR c.locked OR c.sealed
