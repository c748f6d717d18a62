-- How many people have how many records.
SELECT CAST(least(records, 10) AS BIGINT) AS records, count(*) AS people
FROM client
GROUP BY 1
ORDER BY 1
