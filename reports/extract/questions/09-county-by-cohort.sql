-- What share of two-year-olds is up to date, by county and year of birth?
SELECT c.name, CAST(extract(year FROM p.born_until) AS INTEGER) AS birth_year, count(*) AS children, count(*) FILTER (WHERE m.met) AS up_to_date
FROM fact_result AS m
JOIN dim_person AS p ON p.person = m.person
JOIN dim_county AS c ON c.county_fips = p.county_fips
WHERE m.measure = '4:3:1:3:3:1:4'
GROUP BY c.name, birth_year ORDER BY c.name, birth_year
