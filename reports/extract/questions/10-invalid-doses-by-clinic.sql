-- Which clinics gave doses that do not count, of which vaccine, and why?
SELECT d.clinic, d.vaccine_group, d.reason, count(*) AS doses
FROM fact_dose AS d
WHERE NOT d.valid AND d.source = 'given'
GROUP BY d.clinic, d.vaccine_group, d.reason ORDER BY doses DESC, d.clinic, d.vaccine_group, d.reason
