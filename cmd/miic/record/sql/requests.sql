-- Requests for records with what became of each, a row for each person whom one names or may name.
SELECT a.request_id, q.received_on, a.state, a.reason, a.answered_on, m.client_id
FROM record_answer AS a
JOIN latest_request AS q ON q.request_id = a.request_id
LEFT JOIN access_match AS m ON m.request_id = a.request_id
ORDER BY a.request_id, m.client_id NULLS FIRST
