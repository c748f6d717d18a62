-- The ids that two persons have.
SELECT 1 AS breach FROM client GROUP BY client_id HAVING count(*) > 1
