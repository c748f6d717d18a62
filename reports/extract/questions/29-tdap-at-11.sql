-- At what age do adolescents get Tdap, and how many of 13 years have it?
SELECT p.region, count(*) AS adolescents, count(d.person) AS tdap
FROM dim_person AS p
LEFT JOIN (SELECT DISTINCT person FROM fact_dose WHERE cvx = 115 AND age_months >= 120) AS d ON d.person = p.person
WHERE p.status = 'active' AND p.age_months >= 156 AND p.age_months < 168
GROUP BY p.region ORDER BY p.region
