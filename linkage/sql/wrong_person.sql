-- Letters that are reported to have reached the wrong person, and of which nobody has judged so, with a record of theirs.
SELECT r.result_id, r.record_id
FROM latest_notice_result AS r
JOIN client_link AS l ON l.record_id = r.record_id
WHERE r.code = 'wrong_person' AND NOT EXISTS (
    SELECT 1 FROM review_item AS v
    WHERE v.evidence_hash = $note || r.result_id AND v.decision IN ('same', 'different')
)
ORDER BY r.result_id
