-- The ids that a person has, or had before records came together.
WITH RECURSIVE had AS (
    SELECT CAST($client AS BIGINT) AS client_id
    UNION
    SELECT c.client_id FROM client_change AS c JOIN had AS h ON c.other_id = h.client_id WHERE c.change = 'merged'
)
SELECT client_id FROM had ORDER BY client_id
