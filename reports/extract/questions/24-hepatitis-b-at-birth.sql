-- How many children of this and the last year had hepatitis B vaccine in the first month?
SELECT p.region, count(*) AS children, count(d.person) AS in_first_month
FROM dim_person AS p
LEFT JOIN (SELECT DISTINCT person FROM fact_dose WHERE vaccine_group = 'HepB' AND age_months = 0) AS d ON d.person = p.person
WHERE p.status = 'active' AND p.age_months < 24
GROUP BY p.region ORDER BY p.region
