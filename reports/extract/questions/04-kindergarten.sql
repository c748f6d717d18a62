-- How many children of five years lack a dose of MMR, DTaP, polio or varicella that is due?
SELECT f.vaccine_group, count(*) AS children, count(*) FILTER (WHERE f.due) AS due, count(*) FILTER (WHERE f.overdue) AS overdue
FROM dim_person AS p JOIN fact_forecast AS f ON f.person = p.person
WHERE p.status = 'active' AND p.age_months >= 60 AND p.age_months < 72
    AND f.vaccine_group IN ('MMR', 'DTaP/Tdap/Td', 'Polio', 'Varicella')
GROUP BY f.vaccine_group ORDER BY f.vaccine_group
