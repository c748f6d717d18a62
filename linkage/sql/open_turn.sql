-- The open questions about records that contradict themselves.
SELECT v.item_id, v.record_l, v.record_r, v.evidence_hash, v.reason,
    CAST(NULL AS VARCHAR) AS evidence_now, CAST(NULL AS BIGINT) AS client_l, CAST(NULL AS BIGINT) AS client_r
FROM latest_review_item AS v
WHERE v.decision = 'open' AND v.evidence_hash LIKE $turns
ORDER BY v.item_id
