-- Everybody in full: what may be known of a person to others.
SELECT c.client_id, x.person, x.shift, add_days(c.birth_date, x.shift) AS birth_date, c.sex, c.race, c.ethnicity, c.language,
    k.county_fips, c.region, 0 AS class
FROM extract_pseudonym AS x
JOIN client AS c ON c.client_id = x.client_id
LEFT JOIN county AS k ON k.county_fips = c.county_fips AND k.region = c.region
