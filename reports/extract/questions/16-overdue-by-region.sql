-- How many children under 19 are overdue for each vaccine, by region?
SELECT p.region, f.vaccine_group, count(*) FILTER (WHERE f.overdue) AS overdue, count(*) AS children
FROM dim_person AS p JOIN fact_forecast AS f ON f.person = p.person
WHERE p.status = 'active' AND p.age_months < 228
GROUP BY p.region, f.vaccine_group ORDER BY p.region, f.vaccine_group
