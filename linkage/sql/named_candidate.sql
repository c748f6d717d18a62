-- Pairs of a record and a request without a birth date that have the same names.
SELECT i.rid AS l, q.rid AS r
FROM link_index AS q
JOIN link_index AS i ON i.first = q.first AND i.last = q.last
WHERE q.sender_kind = 'request' AND i.sender_kind <> 'request' AND q.birth_iso IS NULL
    AND substr(q.record_id, 1, 6) <> 'death:'
ORDER BY i.rid, q.rid
