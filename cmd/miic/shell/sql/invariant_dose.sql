-- The doses of a person that there is not.
SELECT 1 AS breach
FROM immunization AS i
LEFT JOIN client AS c ON c.client_id = i.client_id
WHERE c.client_id IS NULL
