-- Those whose description too few share, in full, with how many of them share it as it is at a level. Whose birth is moved
-- beyond the night is in no class: nobody is born after it, so that it would say which way dates are moved.
WITH described AS (
    SELECT client_id, person, shift, birth_date, sex, race, ethnicity, language, county_fips, region,
        period_start(birth_date, $as_of, $months) AS born_from
    FROM $left
    WHERE class < $class
), share AS (
    SELECT born_from, sex, race, ethnicity, language, county_fips, region, count(*) AS people
    FROM (
        SELECT born_from, CASE WHEN $sex THEN sex END AS sex, CASE WHEN $race THEN race END AS race,
            CASE WHEN $ethnicity THEN ethnicity END AS ethnicity, CASE WHEN $language THEN language END AS language,
            CASE WHEN $county THEN county_fips END AS county_fips, CASE WHEN $region THEN region END AS region
        FROM described
        WHERE born_from <= $as_of
    ) AS l
    GROUP BY born_from, sex, race, ethnicity, language, county_fips, region
)
SELECT d.client_id, d.person, d.shift, d.birth_date, d.sex, d.race, d.ethnicity, d.language, d.county_fips, d.region, d.born_from,
    coalesce(s.people, 0) AS class
FROM described AS d
LEFT JOIN share AS s ON s.born_from = d.born_from AND s.sex IS NOT DISTINCT FROM CASE WHEN $sex THEN d.sex END
    AND s.race IS NOT DISTINCT FROM CASE WHEN $race THEN d.race END
    AND s.ethnicity IS NOT DISTINCT FROM CASE WHEN $ethnicity THEN d.ethnicity END
    AND s.language IS NOT DISTINCT FROM CASE WHEN $language THEN d.language END
    AND s.county_fips IS NOT DISTINCT FROM CASE WHEN $county THEN d.county_fips END
    AND s.region IS NOT DISTINCT FROM CASE WHEN $region THEN d.region END
