-- The pairs of persons about whom a question waits for review.
SELECT DISTINCT least(x.client_id, y.client_id) AS client_l, greatest(x.client_id, y.client_id) AS client_r
FROM latest_review_item AS v
JOIN client_link AS x ON x.record_id = v.record_l
JOIN client_link AS y ON y.record_id = v.record_r
WHERE v.decision = 'open' AND x.client_id <> y.client_id
ORDER BY client_l, client_r
