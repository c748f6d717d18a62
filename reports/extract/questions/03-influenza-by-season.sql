-- How many people were given influenza vaccine in each season, and at what ages?
SELECT t.flu_season, count(DISTINCT d.person) AS people, count(DISTINCT CASE WHEN d.age_months < 60 THEN d.person END) AS under_five
FROM fact_dose AS d JOIN dim_date AS t ON t.period = d.given_on AND t.until = d.given_until
WHERE d.vaccine_group = 'Influenza'
GROUP BY t.flu_season ORDER BY t.flu_season
