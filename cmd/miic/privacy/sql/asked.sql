-- Requests that restrict, and what else was lifted: a row for each person whom one may be about, and what is decided of it.
WITH decided AS (
    SELECT request_id, decided_by, decided_on, reason,
        CAST(sum(CASE WHEN decision = 'person' THEN 1 ELSE 0 END) AS BIGINT) AS persons,
        max(CASE WHEN decision = 'lifted' THEN client_id END) AS lifted
    FROM settlement GROUP BY request_id, decided_by, decided_on, reason
), source AS (
    SELECT request_id, kind, received_on, snapshot
    FROM latest_request
    WHERE kind IN ('opt_out', 'lock', 'no_contact', 'seal')
    UNION ALL
    SELECT d.request_id, CASE WHEN substr(d.request_id, 1, 7) = 'result:' THEN 'result' ELSE 'record' END,
        CAST(NULL AS DATE), CAST(0 AS BIGINT)
    FROM decided AS d
    WHERE d.lifted IS NOT NULL AND d.request_id NOT IN (SELECT request_id FROM latest_request)
)
SELECT q.request_id, q.kind, q.received_on, q.snapshot, r.client_id, r.basis, d.decided_by, d.decided_on, d.reason,
    coalesce(d.persons, 0) AS persons, d.lifted
FROM source AS q
LEFT JOIN restriction AS r ON r.source_id = q.request_id
LEFT JOIN decided AS d ON d.request_id = q.request_id
ORDER BY q.request_id, CASE WHEN r.basis = 'possible' THEN 1 ELSE 0 END, r.client_id NULLS LAST
