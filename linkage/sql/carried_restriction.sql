-- The restrictions of the parent snapshot, each for the persons that it now concerns.
SELECT DISTINCT client_id, kind, source_id, basis, since_snapshot FROM (
    SELECT coalesce(now.client_id, then_in.client_id) AS client_id, p.kind, p.source_id, p.basis, p.since_snapshot
    FROM prior_restriction AS p
    JOIN prior_client_link AS then_in ON then_in.client_id = p.client_id
    LEFT JOIN client_link AS now ON now.record_id = then_in.record_id
    WHERE p.basis <> 'record'
    UNION ALL
    SELECT l.client_id, p.kind, p.source_id, p.basis, p.since_snapshot
    FROM prior_restriction AS p
    JOIN client_link AS l ON l.record_id = p.source_id
    WHERE p.basis = 'record'
    UNION ALL
    SELECT coalesce(now.client_id, then_in.client_id), p.kind, p.source_id, p.basis, p.since_snapshot
    FROM prior_restriction AS p
    JOIN prior_client_link AS then_in ON then_in.client_id = p.client_id
    LEFT JOIN client_link AS now ON now.record_id = then_in.record_id
    WHERE p.basis = 'record' AND NOT EXISTS (SELECT 1 FROM client_link AS x WHERE x.record_id = p.source_id)
    UNION ALL
    SELECT p.client_id, p.kind, p.source_id, p.basis, p.since_snapshot
    FROM prior_restriction AS p
    WHERE NOT EXISTS (SELECT 1 FROM prior_client_link AS x WHERE x.client_id = p.client_id)
) AS carried
ORDER BY client_id, kind, source_id, since_snapshot
