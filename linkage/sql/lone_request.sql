-- Pairs of a record and a request that fits nobody by name and never surely has: one birth date and one address.
SELECT i.rid AS l, q.rid AS r
FROM lone_request AS n
JOIN link_index AS q ON q.rid = n.rid
JOIN standard_request AS x ON x.record_id = q.record_id
JOIN standard_now AS s ON s.birth_iso = x.birth_iso AND s.street = x.street AND s.zip = x.zip
JOIN link_index AS i ON i.record_id = s.record_id
WHERE i.sender_kind <> 'request' AND substr(q.record_id, 1, 8) = 'request:'
    AND NOT EXISTS (
        SELECT 1 FROM prior_restriction AS p
        WHERE p.source_id = substr(q.record_id, 9) AND p.basis <> 'possible'
    )
ORDER BY i.rid, q.rid
