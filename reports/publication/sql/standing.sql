-- How many people in the whole state are left out of every figure, and about how many a question is open.
SELECT 'opted-out' AS measure, count(*) AS people FROM client WHERE opted_out
UNION ALL
SELECT 'in-review', count(*) FROM client WHERE in_review AND client_id NOT IN (SELECT client_id FROM restricted)
ORDER BY measure
