-- The counties.
SELECT county_fips, name, region FROM county
