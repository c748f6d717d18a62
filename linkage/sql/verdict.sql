-- People's verdicts in force, on pairs of records of tonight's index.
SELECT v.record_l, v.record_r, v.decision, v.evidence_hash, a.rid AS l, b.rid AS r, a.content_hash AS hash_l,
    b.content_hash AS hash_r
FROM latest_review_item AS v
JOIN link_index AS a ON a.record_id = v.record_l
JOIN link_index AS b ON b.record_id = v.record_r
WHERE v.decision IN ('same', 'different') AND v.evidence_hash = a.content_hash || b.content_hash
    OR v.decision = 'different' AND v.evidence_hash LIKE $turns
