-- People who may be in an extract: nobody who is hidden.
SELECT c.client_id
FROM client AS c
JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction'
WHERE NOT c.opted_out AND NOT c.locked AND NOT c.sealed
ORDER BY c.client_id
