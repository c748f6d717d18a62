-- Those whose description enough people share, as they are described at a level.
SELECT client_id, person, shift, $level AS level, $months AS months, born_from,
    add_months($as_of, -$months * periods_ago(birth_date, $as_of, $months)) AS born_until,
    CASE WHEN $sex THEN sex END AS sex, CASE WHEN $race THEN race END AS race, CASE WHEN $ethnicity THEN ethnicity END AS ethnicity,
    CASE WHEN $language THEN language END AS language, CASE WHEN $county THEN county_fips END AS county_fips,
    CASE WHEN $region THEN region END AS region
FROM $described
WHERE class >= $class
