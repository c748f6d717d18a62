-- The record, content hash and person of each place of the index that the evidence about deaths names.
SELECT DISTINCT i.rid, i.record_id, i.content_hash, l.client_id
FROM death_rid AS d
JOIN link_index AS i ON i.rid = d.id
LEFT JOIN client_link AS l ON l.record_id = i.record_id
