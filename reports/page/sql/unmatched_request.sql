-- Requests that restrict, and restrict nobody: they match no person yet, and nobody has settled that they are about none.
SELECT q.request_id, q.snapshot
FROM latest_request AS q
LEFT JOIN restriction AS r ON r.source_id = q.request_id
LEFT JOIN settlement AS d ON d.request_id = q.request_id
WHERE q.kind IN ('opt_out', 'lock', 'no_contact', 'seal') AND r.client_id IS NULL AND d.request_id IS NULL
ORDER BY q.request_id
