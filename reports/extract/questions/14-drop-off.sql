-- Of those with a first DTaP dose, how many have the second, third and fourth?
SELECT count(*) AS first, count(*) FILTER (WHERE doses >= 2) AS second, count(*) FILTER (WHERE doses >= 3) AS third, count(*) FILTER (WHERE doses >= 4) AS fourth
FROM (
    SELECT d.person, count(*) AS doses FROM fact_dose AS d JOIN dim_person AS p ON p.person = d.person
    WHERE d.vaccine_group = 'DTaP/Tdap/Td' AND d.valid AND p.age_months >= 24 AND p.age_months < 36 GROUP BY d.person
) AS n
