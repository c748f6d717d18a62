-- The records of which versions give more than one birth date or sex.
SELECT r.record_id, min(r.sender) AS sender, min(r.source_client_id) AS source_client_id
FROM client_record AS r
WHERE r.record_id IN (
        SELECT record_id FROM touched_record
        UNION
        SELECT record_l FROM latest_review_item
        WHERE decision IN ('open', 'different') AND evidence_hash LIKE $turns
    )
    AND r.sender NOT IN (SELECT sender FROM batch WHERE sender_kind = 'vital_records')
GROUP BY r.record_id
HAVING min(r.birth_date) <> max(r.birth_date) OR min(r.sex) <> max(r.sex)
