-- Tonight's scored pairs of two persons from the review threshold on, or asked about for other reasons, with what people have decided of them.
SELECT a.record_id AS record_l, b.record_id AS record_r, x.client_id AS client_l, y.client_id AS client_r,
    e.match_weight, trim(e.hold) AS hold,
    a.content_hash || b.content_hash AS evidence,
    coalesce(v.evidence_hash = a.content_hash || b.content_hash
        OR v.decision = 'different' AND v.evidence_hash LIKE $turns, false) AS settled,
    b4.decision AS judged, b4.decided_by AS judged_by, b4.decided_on AS judged_on
FROM scored_tonight AS e
JOIN link_index AS a ON a.rid = e.l
JOIN link_index AS b ON b.rid = e.r
JOIN client_link AS x ON x.record_id = a.record_id
JOIN client_link AS y ON y.record_id = b.record_id
LEFT JOIN latest_review_item AS v
    ON v.record_l = a.record_id AND v.record_r = b.record_id AND v.decision IN ('same', 'different')
LEFT JOIN verdict_before AS b4 ON b4.record_l = a.record_id AND b4.record_r = b.record_id
WHERE x.client_id <> y.client_id
    AND (e.match_weight >= $review OR EXISTS (SELECT 1 FROM asked_pair AS q WHERE q.l = e.l AND q.r = e.r))
ORDER BY e.match_weight DESC NULLS LAST, a.record_id, b.record_id
