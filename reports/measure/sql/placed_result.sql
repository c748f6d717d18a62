-- The results of those who are counted, each with where its person lives and their properties. Funding is 'other' for a code
-- that is not known.
SELECT r.client_id, r.measure, r.measure_version, r.met, r.met_any, p.region, p.county, p.birth_cohort, p.age, p.sex, p.race,
    p.ethnicity, p.language, p.clinic, CASE WHEN r.eligibility IS NULL THEN 'unknown' ELSE coalesce(f.code, 'other') END AS funding
FROM measure_result AS r
JOIN placed AS p ON p.client_id = r.client_id
LEFT JOIN property_value AS f ON f.property = 'funding' AND f.code = r.eligibility
WHERE r.client_id NOT IN (SELECT client_id FROM not_counted)
