-- By file, how many doses, or births, are dated on each day.
SELECT file_no, on_day, CAST(sum(whole) AS BIGINT) AS n
FROM $seen
WHERE on_day IS NOT NULL
GROUP BY file_no, on_day
ORDER BY file_no, on_day
