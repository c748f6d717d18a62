-- The open questions about two records, with the evidence and the persons as they now are.
SELECT v.item_id, v.record_l, v.record_r, v.evidence_hash, v.reason, a.content_hash || b.content_hash AS evidence_now,
    x.client_id AS client_l, y.client_id AS client_r
FROM latest_review_item AS v
LEFT JOIN link_index AS a ON a.record_id = v.record_l
LEFT JOIN link_index AS b ON b.record_id = v.record_r
LEFT JOIN client_link AS x ON x.record_id = v.record_l
LEFT JOIN client_link AS y ON y.record_id = v.record_r
WHERE v.decision = 'open' AND v.evidence_hash NOT LIKE $turns AND v.evidence_hash NOT LIKE $notes
ORDER BY record_l, record_r
