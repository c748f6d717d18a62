-- How many two-year-olds of each race and language, by name, are up to date?
SELECT r.name AS race, l.name AS language, count(*) AS children, count(*) FILTER (WHERE m.met) AS up_to_date
FROM fact_result AS m
JOIN dim_person AS p ON p.person = m.person
LEFT JOIN dim_race AS r ON r.code = p.race
LEFT JOIN dim_language AS l ON l.code = p.language
WHERE m.measure = '4:3:1:3:3:1:4'
GROUP BY r.name, l.name ORDER BY children DESC, race, language
