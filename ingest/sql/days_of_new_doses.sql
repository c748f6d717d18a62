-- By file and day, the doses that their sender gave itself and that are new or changed tonight.
SELECT f.file_no, v.administered_on AS on_day, count(*) AS n
FROM tonight_vaccination_event AS v
JOIN tonight_file AS f ON f.batch_id = v.batch_id
WHERE v.action = 'A' AND NOT v.historical AND v.administered_on IS NOT NULL
GROUP BY f.file_no, v.administered_on
ORDER BY file_no, on_day
