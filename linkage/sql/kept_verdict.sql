-- The verdicts of the site's file that the lake does not have yet, and whether their records are unchanged since.
SELECT k.item_id, k.record_l, k.record_r, k.decision, k.decided_by, k.decided_on, k.evidence_hash,
    coalesce(k.evidence_hash = a.content_hash || b.content_hash OR k.evidence_hash = t.evidence_hash, false)
        AS is_current
FROM kept_verdict AS k
LEFT JOIN standard_now AS a ON a.record_id = k.record_l AND NOT a.withdrawn
LEFT JOIN standard_now AS b ON b.record_id = k.record_r AND NOT b.withdrawn
LEFT JOIN latest_review_item AS t
    ON t.item_id = k.item_id AND (t.evidence_hash LIKE $turns OR t.evidence_hash LIKE $notes) AND t.decision = 'open'
WHERE k.evidence_hash = t.evidence_hash OR NOT EXISTS (
    SELECT 1 FROM review_item AS v
    WHERE v.item_id = k.item_id AND v.decision = k.decision AND v.evidence_hash = k.evidence_hash
        AND v.decided_by = k.decided_by AND v.decided_on = k.decided_on
)
ORDER BY k.line
