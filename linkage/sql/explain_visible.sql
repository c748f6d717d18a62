SELECT l.record_id, l.client_id
FROM client_link AS l
JOIN client AS c ON c.client_id = l.client_id
WHERE NOT c.opted_out AND NOT c.locked AND NOT c.sealed AND $where
