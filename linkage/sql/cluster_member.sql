SELECT i.rid, i.record_id, i.birth_cert, i.birth_order, i.multiple, i.content_hash, i.sender_kind, l.client_id, l.since_snapshot,
    lost.client_id IS NOT NULL AS companion_gone
FROM link_member AS m
JOIN link_index AS i ON i.rid = m.rid
LEFT JOIN prior_client_link AS l ON l.record_id = i.record_id
LEFT JOIN (
    SELECT DISTINCT p.client_id
    FROM prior_client_link AS p
    LEFT JOIN link_index AS x ON x.record_id = p.record_id
    WHERE x.rid IS NULL
) AS lost ON lost.client_id = l.client_id
ORDER BY i.rid
