-- How many of those of 13 to 17 years have begun and completed HPV, by region?
SELECT p.region, count(*) AS people, count(*) FILTER (WHERE f.status IN ('Complete', 'Immune')) AS complete, count(d.person) AS begun
FROM dim_person AS p
LEFT JOIN fact_forecast AS f ON f.person = p.person AND f.vaccine_group = 'HPV'
LEFT JOIN (SELECT DISTINCT person FROM fact_dose WHERE vaccine_group = 'HPV') AS d ON d.person = p.person
WHERE p.status = 'active' AND p.age_months >= 156 AND p.age_months < 216
GROUP BY p.region ORDER BY p.region
