-- The records in linkage form of people who may appear in outputs, in the order of their ids.
SELECT s.*
FROM standard_record AS s
JOIN client_link AS l ON l.record_id = s.record_id
JOIN client AS c ON c.client_id = l.client_id
WHERE NOT s.withdrawn AND NOT c.opted_out AND NOT c.locked AND NOT c.sealed
ORDER BY s.record_id
