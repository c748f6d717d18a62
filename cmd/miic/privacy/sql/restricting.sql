-- What restricts a person, or whom a source restricts.
SELECT client_id, kind, source_id, basis
FROM restriction
WHERE client_id = $client OR source_id = $source
ORDER BY source_id, kind, client_id
