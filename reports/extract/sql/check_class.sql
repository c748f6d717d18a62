-- How many descriptions too few people share.
SELECT count(*) AS n FROM (
    SELECT count(*) AS people FROM written_person GROUP BY born_from, sex, race, ethnicity, language, county_fips, region
) AS c WHERE people < $class
