-- The records and requests of the pairs that requests may be about, and whether each had no person before tonight.
SELECT DISTINCT i.rid, i.record_id, l.record_id IS NULL AS is_new
FROM link_index AS i
JOIN asked_pair AS a ON a.l = i.rid OR a.r = i.rid
LEFT JOIN prior_client_link AS l ON l.record_id = i.record_id
