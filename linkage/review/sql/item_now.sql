-- The items of the review queue, each in its last state, and whether its evidence is current.
SELECT v.item_id, v.record_l, v.record_r, v.reason, v.decision, v.decided_by, v.decided_on, v.evidence_hash,
    (v.evidence_hash LIKE $turns OR v.evidence_hash LIKE $notes) OR coalesce(v.evidence_hash = a.content_hash || b.content_hash, false)
        AS is_current
FROM latest_review_item AS v
LEFT JOIN standard_record AS a ON a.record_id = v.record_l
LEFT JOIN standard_record AS b ON b.record_id = v.record_r
