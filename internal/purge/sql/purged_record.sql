-- The client records of a person, and those of nobody that have its name and birth date: such were voided.
WITH own AS (
    SELECT record_id FROM client_link WHERE client_id = $client
), known AS (
    SELECT DISTINCT first_name, last_name, birth_date
    FROM client_record
    WHERE record_id IN (SELECT record_id FROM own) AND first_name IS NOT NULL AND last_name IS NOT NULL
)
SELECT record_id AS id FROM own
UNION
SELECT r.record_id
FROM client_record AS r
JOIN known AS k ON k.first_name = r.first_name AND k.last_name = r.last_name AND k.birth_date = r.birth_date
WHERE r.record_id NOT IN (SELECT record_id FROM client_link)
