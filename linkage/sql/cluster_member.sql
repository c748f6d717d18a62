SELECT i.rid, i.record_id, i.birth_cert, i.birth_order, i.multiple, i.content_hash, i.sender_kind, l.client_id, l.since_snapshot
FROM link_member AS m
JOIN link_index AS i ON i.rid = m.rid
LEFT JOIN prior_client_link AS l ON l.record_id = i.record_id
ORDER BY i.rid
