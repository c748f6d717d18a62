-- The links to a person that there is not.
SELECT 1 AS breach
FROM client_link AS l
LEFT JOIN client AS c ON c.client_id = l.client_id
WHERE c.client_id IS NULL
