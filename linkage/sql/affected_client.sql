-- The persons whose records, doses, links or death changed.
SELECT DISTINCT client_id FROM (
    SELECT l.client_id FROM client_link AS l JOIN touched_record AS t ON t.record_id = l.record_id
    UNION ALL
    SELECT client_id FROM new_link
    UNION ALL
    SELECT p.client_id
    FROM prior_client_link AS p LEFT JOIN client_link AS l ON l.record_id = p.record_id
    WHERE p.record_id IN (SELECT record_id FROM changed_link) AND (l.client_id IS NULL OR l.client_id <> p.client_id)
    UNION ALL
    SELECT client_id FROM death_change
    UNION ALL
    SELECT l.client_id FROM latest_review_item AS v JOIN client_link AS l ON l.record_id = v.record_l
    WHERE v.snapshot = $snapshot AND v.decision IN ('same', 'different') AND v.evidence_hash LIKE $notes
) AS affected
