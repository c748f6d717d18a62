-- How did the number of doses given develop, month by month, of people whose dates are by month?
SELECT t.year, t.month, count(DISTINCT CAST(d.person AS VARCHAR) || '-' || CAST(d.dose AS VARCHAR)) AS doses
FROM fact_dose AS d
JOIN dim_date AS t ON t.period = d.given_on AND t.until = d.given_until
JOIN dim_person AS p ON p.person = d.person
WHERE p.level < 5
GROUP BY t.year, t.month ORDER BY t.year, t.month
