-- At how many visits between 15 and 24 months was something given, but no MMR, to a child who had none by then?
SELECT v.clinic, count(*) AS visits, count(*) FILTER (WHERE m.first_visit IS NULL OR m.first_visit > v.visit) AS without_mmr
FROM fact_visit AS v
LEFT JOIN (SELECT person, min(visit) AS first_visit FROM fact_dose WHERE vaccine_group = 'MMR' GROUP BY person) AS m ON m.person = v.person
WHERE v.age_months >= 15 AND v.age_months < 24 AND v.clinic IS NOT NULL
GROUP BY v.clinic ORDER BY v.clinic
