-- The people who were merged into others on earlier nights, in that order.
SELECT client_id, other_id AS now_id
FROM prior_client_change
WHERE change = 'merged' AND other_id IS NOT NULL
ORDER BY snapshot, client_id, other_id
