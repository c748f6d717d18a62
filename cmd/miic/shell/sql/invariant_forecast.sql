-- The forecasts of a person that there is not.
SELECT 1 AS breach
FROM forecast AS f
LEFT JOIN client AS c ON c.client_id = f.client_id
WHERE c.client_id IS NULL
