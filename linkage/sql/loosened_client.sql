-- The persons who lose a record, or one of whose records changes, on a night that takes a delivery out.
SELECT DISTINCT p.client_id AS id
FROM prior_client_link AS p
LEFT JOIN link_index AS x ON x.record_id = p.record_id
WHERE x.rid IS NULL OR x.dirty
ORDER BY p.client_id
