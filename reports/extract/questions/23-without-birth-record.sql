-- How many children have no birth record here: born elsewhere, or not linked?
SELECT CAST(extract(year FROM born_until) AS INTEGER) AS birth_year, count(*) AS children, count(*) FILTER (WHERE NOT has_birth_record) AS without
FROM dim_person WHERE age_months < 72 GROUP BY birth_year ORDER BY birth_year
