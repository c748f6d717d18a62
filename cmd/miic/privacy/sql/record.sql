-- The records of a person.
SELECT record_id, client_id FROM client_link WHERE client_id = $client ORDER BY record_id
