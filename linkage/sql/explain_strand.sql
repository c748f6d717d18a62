SELECT p.record_l, p.record_r, p.match_weight, p.p_match, p.decision, p.snapshot
FROM scored_pair AS p
JOIN client_link AS a ON a.record_id = p.record_l
JOIN client_link AS b ON b.record_id = p.record_r
JOIN standard_record AS l ON l.record_id = p.record_l AND l.content_hash = p.hash_l
JOIN standard_record AS r ON r.record_id = p.record_r AND r.content_hash = p.hash_r
WHERE a.client_id = $client AND b.client_id = $client AND p.model = '$model'
