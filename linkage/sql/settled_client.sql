-- What is decided of each request, and the persons that the decision's records now belong to.
SELECT DISTINCT d.request_id, d.decision, d.snapshot, l.client_id
FROM settlement AS d
LEFT JOIN client_link AS l ON l.record_id = d.record_id
ORDER BY d.request_id, d.decision, l.client_id NULLS LAST
