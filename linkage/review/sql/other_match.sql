-- The best match of one of the two records of each open question with a third person.
WITH asked AS (
    SELECT item_id, record_l AS record_id, client_l, client_r FROM open_question
    UNION ALL
    SELECT item_id, record_r, client_l, client_r FROM open_question
), met AS (
    SELECT a.item_id, a.record_id, p.record_r AS other_id, a.client_l, a.client_r, p.match_weight, p.p_match,
        p.hash_l AS hash_a, p.hash_r AS hash_b
    FROM asked AS a JOIN scored_pair AS p ON p.record_l = a.record_id
    WHERE p.model = $model
    UNION ALL
    SELECT a.item_id, a.record_id, p.record_l, a.client_l, a.client_r, p.match_weight, p.p_match, p.hash_r, p.hash_l
    FROM asked AS a JOIN scored_pair AS p ON p.record_r = a.record_id
    WHERE p.model = $model
), ranked AS (
    SELECT m.item_id, m.record_id, m.other_id, l.client_id, m.match_weight, m.p_match,
        row_number() OVER (
            PARTITION BY m.item_id ORDER BY m.match_weight DESC NULLS LAST, m.record_id, m.other_id
        ) AS place
    FROM met AS m
    JOIN standard_record AS s ON s.record_id = m.record_id AND s.content_hash = m.hash_a
    JOIN standard_record AS o ON o.record_id = m.other_id AND o.content_hash = m.hash_b
    JOIN client_link AS l ON l.record_id = m.other_id
    JOIN client AS c ON c.client_id = l.client_id
    WHERE l.client_id <> m.client_l AND l.client_id <> m.client_r AND NOT c.opted_out AND NOT c.locked AND NOT c.sealed
)
SELECT item_id, record_id, other_id, client_id, match_weight, p_match FROM ranked WHERE place = 1
