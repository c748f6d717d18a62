-- The open questions about two linked records, and whether they concern somebody who may appear in no output.
SELECT v.item_id, v.record_l, v.record_r, v.snapshot, v.reason, v.evidence_hash, x.client_id AS client_l,
    y.client_id AS client_r,
    c.opted_out OR c.locked OR c.sealed OR d.opted_out OR d.locked OR d.sealed AS restricted
FROM latest_review_item AS v
JOIN client_link AS x ON x.record_id = v.record_l
JOIN client_link AS y ON y.record_id = v.record_r
JOIN client AS c ON c.client_id = x.client_id
JOIN client AS d ON d.client_id = y.client_id
WHERE v.decision = 'open'
