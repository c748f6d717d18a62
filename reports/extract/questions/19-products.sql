-- Which products are given, of which vaccine, and until when are they licensed?
SELECT d.cvx, d.vaccine_group, v.licensed_from, v.licensed_until, count(*) AS doses
FROM fact_dose AS d LEFT JOIN dim_vaccine AS v ON v.cvx = d.cvx AND v.vaccine_group = d.vaccine_group
GROUP BY d.cvx, d.vaccine_group, v.licensed_from, v.licensed_until ORDER BY doses DESC, d.cvx, d.vaccine_group
