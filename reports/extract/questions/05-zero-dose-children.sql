-- In which counties do children of one to two years live who have no dose of any vaccine?
SELECT c.name, count(*) AS children, count(*) FILTER (WHERE d.person IS NULL) AS zero_dose
FROM dim_person AS p
JOIN dim_county AS c ON c.county_fips = p.county_fips
LEFT JOIN (SELECT DISTINCT person FROM fact_dose) AS d ON d.person = p.person
WHERE p.status = 'active' AND p.age_months >= 12 AND p.age_months < 36
GROUP BY c.name ORDER BY zero_dose DESC, c.name
