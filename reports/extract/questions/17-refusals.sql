-- Which vaccines do families refuse?
SELECT vaccine_group, count(*) FILTER (WHERE refused) AS refused, count(*) AS people
FROM fact_forecast GROUP BY vaccine_group ORDER BY refused DESC, vaccine_group
