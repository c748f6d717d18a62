-- Those whose description enough people share.
SELECT client_id, person, shift, level, months, born_from, born_until, sex, race, ethnicity, language, county_fips, region FROM $described WHERE class >= $class
