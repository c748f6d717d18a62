-- Children of 24 to 35 months who are active in the jurisdiction and under no restriction that hides them.
-- patient_status has nobody who is hidden. A county that the table county does not have counts as none.
SELECT c.client_id, coalesce(a.region, 'unassigned') AS region, coalesce(a.county_fips, '') AS county_fips
FROM client AS c
JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction' AND s.status = 'active'
LEFT JOIN county AS a ON a.county_fips = c.county_fips AND a.region = c.region
WHERE add_months(c.birth_date, 24) <= $as_of AND add_months(c.birth_date, 36) > $as_of
