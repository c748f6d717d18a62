-- Each measure in each county: how many are in its population, and how many of them meet it. A county that the table
-- county does not have counts as none.
SELECT m.measure, coalesce(a.region, 'unassigned') AS region, coalesce(a.county_fips, '') AS county_fips,
    count(*) AS denominator, count(*) FILTER (WHERE CASE WHEN m.valid THEN r.met ELSE r.met_any END) AS numerator
FROM measure_result AS r
JOIN measured AS m ON m.measure = r.measure
JOIN client AS c ON c.client_id = r.client_id
LEFT JOIN county AS a ON a.county_fips = c.county_fips AND a.region = c.region
GROUP BY m.measure, coalesce(a.region, 'unassigned'), coalesce(a.county_fips, '')
ORDER BY m.measure, region, county_fips
