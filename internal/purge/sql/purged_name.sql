-- The names of a person with the birth date, as records and the person's row have them.
SELECT DISTINCT first_name, last_name, birth_date
FROM (
    SELECT first_name, last_name, birth_date FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT first_name, last_name, birth_date FROM client WHERE client_id = $client
    UNION ALL
    SELECT first_name, last_name, birth_date FROM death WHERE death_id IN (SELECT id FROM purged_death)
    UNION ALL
    SELECT q.first_name, q.last_name, q.birth_date
    FROM request AS q JOIN restriction AS r ON r.source_id = q.request_id
    WHERE r.client_id = $client AND r.basis <> 'possible'
) AS n
WHERE first_name IS NOT NULL AND last_name IS NOT NULL AND birth_date IS NOT NULL
