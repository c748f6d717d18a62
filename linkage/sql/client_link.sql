-- The person of each record: tonight's links and those carried over.
SELECT record_id, client_id, since_snapshot FROM new_link
UNION ALL
SELECT p.record_id, p.client_id, p.since_snapshot
FROM prior_client_link AS p
JOIN link_index AS i ON i.record_id = p.record_id
WHERE NOT EXISTS (SELECT 1 FROM new_link AS n WHERE n.record_id = p.record_id)
