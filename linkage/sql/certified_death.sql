-- Records and death certificates with one birth certificate number, and whether names or birth date agree.
SELECT i.rid AS l, q.rid AS r,
    coalesce(q.birth_iso = i.birth_iso, true) OR coalesce(q.last = i.last AND q.first = i.first, false) AS agrees
FROM link_index AS q
JOIN link_index AS i ON i.birth_cert = q.birth_cert
WHERE substr(q.record_id, 1, 6) = 'death:' AND i.sender_kind <> 'request'
ORDER BY i.rid, q.rid
