-- What share of people born in each year has two valid MMR doses?
SELECT p.birth_year, count(*) AS people, count(*) FILTER (WHERE d.doses >= 2) AS two_doses
FROM (SELECT person, CAST(extract(year FROM born_until) AS INTEGER) AS birth_year FROM dim_person WHERE status = 'active') AS p
LEFT JOIN (SELECT person, count(*) AS doses FROM fact_dose WHERE vaccine_group = 'MMR' AND valid GROUP BY person) AS d ON d.person = p.person
GROUP BY p.birth_year ORDER BY p.birth_year
