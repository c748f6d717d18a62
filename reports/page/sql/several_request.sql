-- Requests that may be about one or several people and are surely about none: they are suppressed until it is settled.
SELECT q.request_id, q.snapshot
FROM latest_request AS q
JOIN restriction AS r ON r.source_id = q.request_id
GROUP BY q.request_id, q.snapshot
HAVING max(CASE WHEN r.basis = 'possible' THEN 0 ELSE 1 END) = 0
ORDER BY q.request_id
