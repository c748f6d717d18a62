-- The death certificates that surely name a person.
SELECT DISTINCT death_id AS id FROM death_match WHERE client_id = $client AND basis <> 'possible'
