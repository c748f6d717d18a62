-- How many people of each birth year have left the state or are not known to be here?
SELECT CAST(extract(year FROM born_until) AS INTEGER) AS birth_year, status, count(*) AS people
FROM dim_person GROUP BY birth_year, status ORDER BY birth_year, status
