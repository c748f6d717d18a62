SELECT p.* FROM prior_$table AS p
WHERE NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
