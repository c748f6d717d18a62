-- The records whose components are clustered again tonight, in the order of the index.
SELECT i.rid, i.record_id, i.birth_cert, i.birth_order, i.multiple, i.first, i.sender_kind, i.client_id,
    i.since_snapshot
FROM link_member AS m
JOIN link_index AS i ON i.rid = m.rid
ORDER BY i.rid
