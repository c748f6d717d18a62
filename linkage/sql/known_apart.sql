-- The pairs of persons who were known as two before one was restricted, or whom somebody has judged to be two.
SELECT DISTINCT p.restricted, p.candidate
FROM returned_client AS p
JOIN client_link AS x ON x.client_id = p.restricted
JOIN client_link AS y ON y.client_id = p.candidate
JOIN standard_now AS a ON a.record_id = x.record_id
JOIN standard_now AS b ON b.record_id = y.record_id
WHERE x.since_snapshot < p.since AND y.since_snapshot < p.since
    AND (a.birth_order <> b.birth_order
        OR a.birth_cert <> b.birth_cert
        -- children whom one sender has beside each other under one surname
        OR a.sender = b.sender AND a.last = b.last AND a.first <> b.first)
UNION
SELECT p.restricted, p.candidate
FROM returned_client AS p
JOIN client_link AS x ON x.client_id = p.restricted
JOIN client_link AS y ON y.client_id = p.candidate
JOIN verdict_before AS v
    ON v.record_l = least(x.record_id, y.record_id) AND v.record_r = greatest(x.record_id, y.record_id)
WHERE v.decision = 'different'
