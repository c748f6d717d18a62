-- The places in the index of requests for records.
SELECT i.rid
FROM link_index AS i
JOIN latest_request AS q ON i.record_id = 'request:' || q.request_id
WHERE q.kind = 'access'
ORDER BY i.rid
