-- The open questions about letters that are reported to have reached the wrong person.
SELECT v.item_id, v.record_l, v.record_r, v.evidence_hash, v.reason,
    CAST(NULL AS VARCHAR) AS evidence_now, CAST(NULL AS BIGINT) AS client_l, CAST(NULL AS BIGINT) AS client_r
FROM latest_review_item AS v
WHERE v.decision = 'open' AND v.evidence_hash LIKE $notes
ORDER BY v.item_id
