-- How many people have come to the age of a population, or left it, since each earlier publication, of those who are counted
-- tonight, in each published cell.
WITH crossing AS (
    SELECT s.population, d.published_on, p.region, p.county, p.birth_cohort, p.sex, p.race, p.ethnicity, p.language
    FROM placed AS p
    JOIN patient_status AS a ON a.client_id = p.client_id AND a.level = 'jurisdiction' AND a.status = 'active'
    JOIN population_age AS s ON p.birth_date BETWEEN s.born_from AND s.born_until
        AND p.client_id NOT IN (SELECT client_id FROM not_counted)
    JOIN earlier_day AS d ON add_days(add_months(p.birth_date, s.months), s.days) > d.published_on
        AND add_days(add_months(p.birth_date, s.months), s.days) <= $as_of
), cell AS (
    SELECT c.population, c.published_on, c.region, c.county, c.birth_cohort, c.sex, c.race, c.ethnicity, c.language, count(*) AS people
    FROM crossing AS c
    GROUP BY GROUPING SETS ((c.population, c.published_on), (c.population, c.published_on, c.region),
        (c.population, c.published_on, c.region, c.county), (c.population, c.published_on, c.birth_cohort),
        (c.population, c.published_on, c.sex), (c.population, c.published_on, c.race), (c.population, c.published_on, c.ethnicity),
        (c.population, c.published_on, c.language))
)
SELECT population, published_on,
    CASE WHEN county IS NOT NULL THEN 'county' WHEN region IS NOT NULL THEN 'region' ELSE 'state' END AS area_type,
    coalesce(county, region, $home) AS area_code,
    CASE WHEN birth_cohort IS NOT NULL THEN 'birth_cohort' WHEN sex IS NOT NULL THEN 'sex' WHEN race IS NOT NULL THEN 'race'
        WHEN ethnicity IS NOT NULL THEN 'ethnicity' WHEN language IS NOT NULL THEN 'language' ELSE 'all' END AS stratum,
    coalesce(birth_cohort, sex, race, ethnicity, language, 'all') AS stratum_code, people
FROM cell
ORDER BY population, published_on, area_type, area_code, stratum, stratum_code
