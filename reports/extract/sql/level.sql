-- Those who are left, as they are described at a level, and how many of them share each description.
SELECT client_id, person, shift, level, months, born_from, sex, race, ethnicity, language, county_fips, region,
    count(*) OVER (PARTITION BY born_from, sex, race, ethnicity, language, county_fips, region) AS class
FROM (
    SELECT client_id, person, shift, $level AS level, $months AS months, period_start(birth_date, $as_of, $months) AS born_from,
        CASE WHEN $sex THEN sex END AS sex, CASE WHEN $race THEN race END AS race,
        CASE WHEN $ethnicity THEN ethnicity END AS ethnicity, CASE WHEN $language THEN language END AS language,
        CASE WHEN $county THEN county_fips END AS county_fips, CASE WHEN $region THEN region END AS region
    FROM $left
) AS l
