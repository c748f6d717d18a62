-- Where everybody lives, and the properties by which people are counted apart: a value that is not known is 'unknown'. The clinic is
-- the one whose active patient somebody is: one at most.
SELECT c.client_id, c.birth_date, coalesce(a.region, 'unassigned') AS region, coalesce(a.county_fips, 'unassigned') AS county,
    substr(CAST(add_months(c.birth_date, -6) AS VARCHAR), 1, 4) AS birth_cohort,
    CAST(CAST(substr($night, 1, 4) AS INTEGER) - CAST(substr(CAST(c.birth_date AS VARCHAR), 1, 4) AS INTEGER)
        - CASE WHEN substr(CAST(c.birth_date AS VARCHAR), 6, 5) > substr($night, 6, 5) THEN 1 ELSE 0 END AS VARCHAR) AS age,
    coalesce(c.sex, 'unknown') AS sex,
    CASE WHEN c.race LIKE '%|%' THEN 'several' ELSE coalesce(c.race, 'unknown') END AS race,
    coalesce(c.ethnicity, 'unknown') AS ethnicity, coalesce(c.language, 'unknown') AS language,
    coalesce(s.provider, 'unknown') AS clinic
FROM client AS c
LEFT JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'provider' AND s.status = 'active'
LEFT JOIN county AS a ON a.county_fips = c.county_fips AND a.region = c.region
