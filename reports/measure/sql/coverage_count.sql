-- Each measure in each county: how many are counted, and how many of them meet every clause.
WITH met AS (
    SELECT k.measure, m.client_id, count(*) AS clauses
    FROM measure_clause AS k
    JOIN milestone AS m ON m.vaccine_group = k.vaccine_group AND m.months = k.months
        AND (CASE WHEN k.complete THEN m.status = 'Complete' ELSE m.valid_doses >= k.doses END)
    GROUP BY k.measure, m.client_id
)
SELECT m.measure, p.region, p.county_fips, count(*) AS denominator,
    count(*) FILTER (WHERE met.clauses = m.clauses) AS numerator
FROM cohort AS p
CROSS JOIN (SELECT measure, count(*) AS clauses FROM measure_clause GROUP BY measure) AS m
LEFT JOIN met ON met.measure = m.measure AND met.client_id = p.client_id
GROUP BY m.measure, p.region, p.county_fips
ORDER BY m.measure, p.region, p.county_fips
