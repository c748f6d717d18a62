-- Tonight's scored pairs, as they are added to the log.
SELECT a.record_id AS record_l, b.record_id AS record_r, $snapshot AS snapshot, e.rules, e.vector, e.match_weight,
    e.term_frequency, e.family_frequency,
    e.p_match, e.p_twin, e.p_family, e.decision, trim(e.hold) AS hold, $model AS model, a.content_hash AS hash_l,
    b.content_hash AS hash_r
FROM $edges AS e
JOIN link_index AS a ON a.rid = e.l
JOIN link_index AS b ON b.rid = e.r
