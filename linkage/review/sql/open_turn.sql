-- The open questions about records that contradict themselves, with their persons.
SELECT v.item_id, v.record_l, v.record_r, v.reason, v.evidence_hash, l.client_id,
    c.opted_out OR c.locked OR c.sealed AS restricted
FROM latest_review_item AS v
JOIN client_link AS l ON l.record_id = v.record_l
JOIN client AS c ON c.client_id = l.client_id
WHERE v.decision = 'open' AND v.evidence_hash LIKE $turns
ORDER BY v.item_id
