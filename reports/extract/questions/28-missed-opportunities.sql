-- Of the visits on which a vaccine was due, on how many was it not given, by vaccine group and age in years?
SELECT g.vaccine_group, CAST(floor(v.age_months / 12.0) AS INTEGER) AS age, count(*) AS visits, count(*) FILTER (WHERE g.missed) AS missed,
    count(*) FILTER (WHERE g.missed AND g.refused) AS refused
FROM fact_visit_group AS g JOIN fact_visit AS v ON v.person = g.person AND v.visit = g.visit
WHERE g.due
GROUP BY g.vaccine_group, age ORDER BY g.vaccine_group, age
