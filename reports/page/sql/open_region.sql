-- The notices that lie in each region's folder open/, and since which day the oldest does.
SELECT region, count(*) AS notices, min(issued_on) AS oldest_on
FROM open_notice
WHERE until_snapshot IS NULL AND collected_on IS NULL
GROUP BY region
ORDER BY region
