-- People's verdicts in force on a record and a death certificate.
SELECT v.decision,
    CASE WHEN a.sender_kind = 'request' THEN b.rid ELSE a.rid END AS l,
    CASE WHEN a.sender_kind = 'request' THEN a.rid ELSE b.rid END AS r
FROM latest_review_item AS v
JOIN link_index AS a ON a.record_id = v.record_l
JOIN link_index AS b ON b.record_id = v.record_r
WHERE v.decision IN ('same', 'different') AND v.evidence_hash = a.content_hash || b.content_hash
    AND (substr(v.record_l, 1, 6) = 'death:' OR substr(v.record_r, 1, 6) = 'death:')
ORDER BY a.rid, b.rid
