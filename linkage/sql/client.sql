-- The persons to write: those whose records, doses or links changed, and those who are flagged anew.
SELECT c.* FROM client_tonight AS c
UNION ALL
SELECT p.* FROM prior_client AS p JOIN flagged_anew AS f ON f.client_id = p.client_id
