-- The counties.
SELECT county_fips, name, region FROM extract_county
