-- Pairs of records that a sender has had under one number, now of two persons.
SELECT a.record_id AS record_l, b.record_id AS record_r, x.client_id AS client_l, y.client_id AS client_r,
    a.content_hash || b.content_hash AS evidence,
    coalesce(v.decision = 'different' OR v.evidence_hash = a.content_hash || b.content_hash, false) AS settled
FROM (
    SELECT record_id AS later,
        substr(record_id, 1, length(record_id) - length(CAST(generation AS VARCHAR)))
            || CAST(coalesce(follows, generation - 1) AS VARCHAR) AS earlier
    FROM client_record WHERE generation > 1 AND coalesce(follows, 1) > 0 -- not of equal numbers of two organisations
    GROUP BY record_id, generation, follows
) AS n
JOIN link_index AS a ON a.record_id = least(n.later, n.earlier)
JOIN link_index AS b ON b.record_id = greatest(n.later, n.earlier)
JOIN client_link AS x ON x.record_id = a.record_id
JOIN client_link AS y ON y.record_id = b.record_id
LEFT JOIN verdict_before AS v ON v.record_l = a.record_id AND v.record_r = b.record_id
WHERE x.client_id <> y.client_id
ORDER BY a.record_id, b.record_id
