-- The open questions about letters that are reported to have reached the wrong person, with where each letter went.
SELECT v.item_id, v.record_l, v.record_r, v.reason, v.evidence_hash, l.client_id,
    c.opted_out OR c.locked OR c.sealed AS restricted, r.sent_to_address_1, r.sent_to_zip, r.happened_on
FROM latest_review_item AS v
JOIN client_link AS l ON l.record_id = v.record_l
JOIN client AS c ON c.client_id = l.client_id
JOIN latest_notice_result AS r ON $note || r.result_id = v.evidence_hash
WHERE v.decision = 'open' AND v.evidence_hash LIKE $notes
ORDER BY v.item_id
