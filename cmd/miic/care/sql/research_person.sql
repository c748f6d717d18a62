-- People without what names them: who is restricted is not among them.
SELECT client_id, CAST(extract(year FROM birth_date) AS INTEGER) AS birth_year, sex, race, ethnicity, language, county_fips, region, status,
    has_birth_record
FROM client
