-- Those who are left, as they are described at a level, and how many of them share each description. Whose birth
-- is moved beyond the night is in no class: nobody is born after it, so that it would say which way dates are moved.
SELECT client_id, person, shift, level, months, born_from, born_until, sex, race, ethnicity, language, county_fips, region,
    CASE WHEN born_from <= $as_of THEN count(*) OVER (PARTITION BY born_from, sex, race, ethnicity, language, county_fips, region) ELSE 0 END AS class
FROM (
    SELECT client_id, person, shift, $level AS level, $months AS months, period_start(birth_date, $as_of, $months) AS born_from,
        add_months($as_of, -$months * periods_ago(birth_date, $as_of, $months)) AS born_until,
        CASE WHEN $sex THEN sex END AS sex, CASE WHEN $race THEN race END AS race,
        CASE WHEN $ethnicity THEN ethnicity END AS ethnicity, CASE WHEN $language THEN language END AS language,
        CASE WHEN $county THEN county_fips END AS county_fips, CASE WHEN $region THEN region END AS region
    FROM $left
) AS l
