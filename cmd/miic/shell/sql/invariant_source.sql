-- The reported doses of a real one that there is not.
SELECT 1 AS breach
FROM immunization_source AS s
LEFT JOIN immunization AS i ON i.immunization_id = s.immunization_id
WHERE i.immunization_id IS NULL
