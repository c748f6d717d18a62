-- Requests that restrict, a row for each person whom one may be about, and what is decided of it.
SELECT q.request_id, q.kind, q.received_on, q.snapshot, r.client_id, r.basis, d.decided_by, d.decided_on, d.reason,
    coalesce(d.persons, 0) AS persons
FROM latest_request AS q
LEFT JOIN restriction AS r ON r.source_id = q.request_id
LEFT JOIN (
    SELECT request_id, decided_by, decided_on, reason,
        CAST(sum(CASE WHEN decision = 'person' THEN 1 ELSE 0 END) AS BIGINT) AS persons
    FROM settlement GROUP BY request_id, decided_by, decided_on, reason
) AS d ON d.request_id = q.request_id
WHERE q.kind IN ('opt_out', 'lock', 'no_contact', 'seal')
ORDER BY q.request_id, CASE WHEN r.basis = 'possible' THEN 1 ELSE 0 END, r.client_id NULLS LAST
