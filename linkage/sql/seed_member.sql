SELECT rid FROM link_dirty WHERE sender_kind <> 'request'
UNION
SELECT i.rid
FROM prior_client_link AS l
JOIN link_index AS i ON i.record_id = l.record_id
WHERE l.client_id IN (
    SELECT p.client_id
    FROM prior_client_link AS p
    LEFT JOIN link_index AS x ON x.record_id = p.record_id
    WHERE x.rid IS NULL OR x.dirty
)
UNION
SELECT v.rid
FROM (SELECT l AS rid, record_l, record_r, decision FROM verdict UNION ALL SELECT r, record_l, record_r, decision FROM verdict) AS v
LEFT JOIN prior_client_link AS a ON a.record_id = v.record_l
LEFT JOIN prior_client_link AS b ON b.record_id = v.record_r
WHERE (v.decision = 'same') <> (coalesce(a.client_id, 0) = coalesce(b.client_id, -1))
