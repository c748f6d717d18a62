-- The persons of whom it is asked whether they are one, seen from each, and whether only likeness is in question.
WITH outside AS (
    SELECT client_id FROM restriction_now
    UNION
    SELECT id AS client_id FROM dead_client
    UNION
    SELECT l.client_id
    FROM latest_review_item AS v
    JOIN client_link AS l ON l.record_id = v.record_l
    WHERE v.decision = 'open' AND v.evidence_hash LIKE $notes
    UNION
    SELECT l.client_id
    FROM barred_rid AS b
    JOIN link_index AS i ON i.rid = b.rid
    JOIN client_link AS l ON l.record_id = i.record_id
), asked AS (
    SELECT x.client_id AS client_l, y.client_id AS client_r
    FROM latest_review_item AS v
    JOIN client_link AS x ON x.record_id = v.record_l
    JOIN client_link AS y ON y.record_id = v.record_r
    WHERE v.decision = 'open' AND x.client_id <> y.client_id
), both_ways AS (
    SELECT client_l AS client_id, client_r AS other_id FROM asked
    UNION
    SELECT client_r, client_l FROM asked
)
SELECT client_id, other_id,
    client_id NOT IN (SELECT client_id FROM outside) AND other_id NOT IN (SELECT client_id FROM outside) AS ordinary
FROM both_ways
ORDER BY client_id, other_id
