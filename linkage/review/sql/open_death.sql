-- The open questions about a record and a death certificate.
SELECT o.item_id, o.record_id, o.death_id, o.reason, o.evidence_hash, l.client_id,
    c.opted_out OR c.locked OR c.sealed AS restricted
FROM (
    SELECT v.*, CASE WHEN substr(v.record_l, 1, 6) = 'death:' THEN v.record_r ELSE v.record_l END AS record_id,
        CASE WHEN substr(v.record_l, 1, 6) = 'death:' THEN substr(v.record_l, 7) ELSE substr(v.record_r, 7) END
            AS death_id
    FROM latest_review_item AS v
    WHERE v.decision = 'open' AND (substr(v.record_l, 1, 6) = 'death:' OR substr(v.record_r, 1, 6) = 'death:')
) AS o
JOIN client_link AS l ON l.record_id = o.record_id
JOIN client AS c ON c.client_id = l.client_id
ORDER BY o.item_id
