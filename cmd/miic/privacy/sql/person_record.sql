-- The records of a person, and of the people whom a request may be about.
SELECT record_id, client_id
FROM client_link
WHERE client_id = $client OR client_id IN (SELECT client_id FROM restriction WHERE source_id = $request)
ORDER BY record_id
