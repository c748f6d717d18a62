-- How complete are race, ethnicity and language, where a description is in full?
SELECT count(*) AS people, count(race) AS race, count(ethnicity) AS ethnicity, count(language) AS language, count(sex) AS sex
FROM dim_person WHERE level = 0
