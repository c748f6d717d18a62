-- The regions.
SELECT r.region, count(c.county_fips) AS counties FROM extract_region AS r LEFT JOIN county AS c ON c.region = r.region GROUP BY r.region
