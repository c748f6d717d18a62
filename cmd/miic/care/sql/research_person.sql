-- People without what names them: who is restricted is not among them.
SELECT client_id, CAST(extract(year FROM birth_date) AS INTEGER) AS birth_year, sex, race, ethnicity, language, county_fips, region, status,
    has_birth_record
FROM client
WHERE NOT opted_out AND NOT locked AND NOT sealed AND client_id NOT IN (SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal'))
