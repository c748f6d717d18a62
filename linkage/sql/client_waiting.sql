-- The persons about whom a question waits for review.
SELECT l.client_id
FROM latest_review_item AS v JOIN client_link AS l ON l.record_id = v.record_l
WHERE v.decision = 'open'
UNION
SELECT l.client_id
FROM latest_review_item AS v JOIN client_link AS l ON l.record_id = v.record_r
WHERE v.decision = 'open'
