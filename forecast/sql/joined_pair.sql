-- The ordinary doubts, seen from each person, by number.
SELECT CAST(row_number() OVER (ORDER BY client_id, other_id) AS BIGINT) AS pair, client_id, other_id
FROM doubt
WHERE ordinary
ORDER BY client_id, other_id
