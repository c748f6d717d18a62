-- The record and person of each place of the index that a request or death may be about.
SELECT DISTINCT i.rid, i.record_id, l.client_id
FROM asked_rid AS a
JOIN link_index AS i ON i.rid = a.id
LEFT JOIN client_link AS l ON l.record_id = i.record_id
