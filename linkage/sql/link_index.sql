-- The index of tonight: each record with its place, whether it is dirty, and its person in the parent snapshot.
SELECT CAST(s.place AS INTEGER) AS rid, s.record_id, s.content_hash, s.sender_kind,
    s.sender_kind = 'request' OR d.record_id IS NOT NULL AS dirty,
    s.first, s.last, s.birth_iso, s.birth_order, s.multiple, s.birth_cert, l.client_id, l.since_snapshot
FROM numbered_record AS s
LEFT JOIN dirty_record AS d ON d.record_id = s.record_id
LEFT JOIN prior_client_link AS l ON l.record_id = s.record_id
WHERE NOT s.withdrawn
