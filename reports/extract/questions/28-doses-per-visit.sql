-- How many doses are given at one visit, by age in years?
SELECT CAST(floor(age_months / 12.0) AS INTEGER) AS age, count(*) AS visits, sum(doses) AS doses, max(doses) AS most
FROM fact_visit GROUP BY age ORDER BY age
