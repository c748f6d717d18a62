-- The pairs scored by this model on earlier nights of which both records are unchanged.
SELECT a.rid AS l, b.rid AS r, s.rules, s.vector, s.term_frequency, s.family_frequency, s.decision, s.match_weight,
    s.snapshot
FROM prior_scored_pair AS s
JOIN link_index AS a ON a.record_id = s.record_l AND a.content_hash = s.hash_l
JOIN link_index AS b ON b.record_id = s.record_r AND b.content_hash = s.hash_r
WHERE s.model = $model AND NOT a.dirty AND NOT b.dirty
