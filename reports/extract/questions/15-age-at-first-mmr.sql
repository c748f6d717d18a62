-- At what age is the first MMR dose given?
SELECT age_months, count(*) AS children
FROM fact_dose WHERE vaccine_group = 'MMR' AND valid AND series_dose = 1
GROUP BY age_months ORDER BY age_months
