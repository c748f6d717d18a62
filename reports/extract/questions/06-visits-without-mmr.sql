-- At how many visits of children under three on which MMR was due and allowed was none given, by clinic?
SELECT v.clinic, count(*) AS visits, count(*) FILTER (WHERE g.missed) AS without_mmr
FROM fact_visit_group AS g JOIN fact_visit AS v ON v.person = g.person AND v.visit = g.visit
WHERE g.vaccine_group = 'MMR' AND g.due AND v.age_months < 36 AND v.clinic IS NOT NULL
GROUP BY v.clinic ORDER BY v.clinic
