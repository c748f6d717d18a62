-- The two records of each open question, by their places in tonight's index.
SELECT a.rid AS l, b.rid AS r
FROM latest_review_item AS v
JOIN link_index AS a ON a.record_id = v.record_l
JOIN link_index AS b ON b.record_id = v.record_r
WHERE v.decision = 'open'
