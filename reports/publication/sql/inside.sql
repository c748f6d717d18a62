-- A measure by any properties together, of a night's results, without those who may be shown no more. What is not asked for is
-- empty.
WITH one AS (
    SELECT p.met, p.met_any,
        CASE WHEN $county THEN p.county ELSE '' END AS county,
        CASE WHEN $region OR $county THEN p.region ELSE '' END AS region,
        CASE WHEN $birth_cohort THEN p.birth_cohort ELSE '' END AS birth_cohort, CASE WHEN $age THEN p.age ELSE '' END AS age,
        CASE WHEN $sex THEN p.sex ELSE '' END AS sex, CASE WHEN $race THEN p.race ELSE '' END AS race,
        CASE WHEN $ethnicity THEN p.ethnicity ELSE '' END AS ethnicity, CASE WHEN $language THEN p.language ELSE '' END AS language,
        CASE WHEN $clinic THEN p.clinic ELSE '' END AS clinic,
        CASE WHEN $funding THEN p.funding ELSE '' END AS funding
    FROM placed_result AS p
    WHERE p.measure = $measure AND p.client_id NOT IN (SELECT client_id FROM hidden_person)
), cell AS (
    SELECT county, region, birth_cohort, age, sex, race, ethnicity, language, clinic, funding, count(*) AS denominator,
        count(*) FILTER (WHERE met) AS numerator, count(*) FILTER (WHERE met_any) AS numerator_any
    FROM one
    GROUP BY county, region, birth_cohort, age, sex, race, ethnicity, language, clinic, funding
)
SELECT c.county, coalesce(k.name, c.county) AS county_name, c.region, c.birth_cohort, c.age, c.sex, coalesce(s.name, c.sex) AS sex_name,
    c.race, coalesce(r.name, c.race) AS race_name, c.ethnicity, coalesce(e.name, c.ethnicity) AS ethnicity_name,
    c.language, coalesce(l.name, c.language) AS language_name, c.clinic, c.funding,
    coalesce(f.name, c.funding) AS funding_name, c.denominator, c.numerator, c.numerator_any
FROM cell AS c
LEFT JOIN county AS k ON k.county_fips = c.county
LEFT JOIN property_value AS s ON s.property = 'sex' AND s.code = c.sex
LEFT JOIN property_value AS r ON r.property = 'race' AND r.code = c.race
LEFT JOIN property_value AS e ON e.property = 'ethnicity' AND e.code = c.ethnicity
LEFT JOIN property_value AS l ON l.property = 'language' AND l.code = c.language
LEFT JOIN property_value AS f ON f.property = 'funding' AND f.code = c.funding
ORDER BY c.region, c.county, c.birth_cohort, c.age, c.sex, c.race, c.ethnicity, c.language, c.clinic, c.funding
