-- Every measure by area, and by one property of people at a time in each region and the state. Each person of a measure's
-- population is in one county, or unassigned, and has one value of each property.
WITH cell AS (
    SELECT measure, measure_version, region, county, birth_cohort, age, sex, race, ethnicity, language, clinic, funding,
        count(*) AS denominator, count(*) FILTER (WHERE met) AS numerator, count(*) FILTER (WHERE met_any) AS numerator_any
    FROM placed_result
    GROUP BY GROUPING SETS (
        (measure, measure_version),
        (measure, measure_version, region),
        (measure, measure_version, region, county),
        (measure, measure_version, birth_cohort), (measure, measure_version, region, birth_cohort),
        (measure, measure_version, age), (measure, measure_version, region, age),
        (measure, measure_version, sex), (measure, measure_version, region, sex),
        (measure, measure_version, race), (measure, measure_version, region, race),
        (measure, measure_version, ethnicity), (measure, measure_version, region, ethnicity),
        (measure, measure_version, language), (measure, measure_version, region, language),
        (measure, measure_version, clinic), (measure, measure_version, region, clinic),
        (measure, measure_version, funding), (measure, measure_version, region, funding))
), named AS (
    SELECT c.*,
        CASE WHEN c.county IS NOT NULL THEN 'county' WHEN c.region IS NOT NULL THEN 'region' ELSE 'state' END AS area_type,
        coalesce(c.county, c.region, $home) AS area_code,
        CASE WHEN c.birth_cohort IS NOT NULL THEN 'birth_cohort' WHEN c.age IS NOT NULL THEN 'age' WHEN c.sex IS NOT NULL THEN 'sex'
            WHEN c.race IS NOT NULL THEN 'race' WHEN c.ethnicity IS NOT NULL THEN 'ethnicity'
            WHEN c.language IS NOT NULL THEN 'language' WHEN c.clinic IS NOT NULL THEN 'clinic'
            WHEN c.funding IS NOT NULL THEN 'funding' ELSE 'all' END AS stratum,
        coalesce(c.birth_cohort, c.age, c.sex, c.race, c.ethnicity, c.language, c.clinic, c.funding, 'all') AS stratum_code
    FROM cell AS c
)
SELECT n.measure, n.measure_version, n.area_type, n.area_code, coalesce(a.name, n.area_code) AS area_name,
    n.stratum, n.stratum_code,
    CASE WHEN n.stratum = 'birth_cohort'
        THEN 'born July ' || n.stratum_code || ' to June ' || CAST(CAST(n.stratum_code AS INTEGER) + 1 AS VARCHAR)
        ELSE coalesce(w.name, n.stratum_code) END AS stratum_name,
    n.denominator, n.numerator, n.numerator_any, q.people AS population, m.denominator_rule, CAST($night AS DATE) AS as_of, $schedule AS schedule
FROM named AS n
JOIN measured AS m ON m.measure = n.measure
LEFT JOIN county AS a ON n.area_type = 'county' AND a.county_fips = n.area_code
LEFT JOIN population_of AS q ON q.measure = n.measure AND q.area_type = n.area_type AND q.area_code = n.area_code
    AND q.stratum = n.stratum AND q.stratum_code = n.stratum_code
LEFT JOIN property_value AS w ON w.property = n.stratum AND w.code = n.stratum_code
WHERE NOT (n.area_type = 'county' AND n.area_code = 'unassigned')
