-- Who is in the extract.
SELECT p.person, p.born_from, p.born_until, p.months * periods_ago(add_days(c.birth_date, p.shift), $as_of, p.months) AS age_months,
    p.sex, p.race, p.ethnicity, p.language, p.county_fips, p.region, p.level, s.status, c.has_birth_record
FROM extract_person AS p
JOIN client AS c ON c.client_id = p.client_id
JOIN patient_status AS s ON s.client_id = p.client_id AND s.level = 'jurisdiction'
