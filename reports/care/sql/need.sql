-- What active patients of the age need, now or one day, in the groups that lists name.
SELECT f.client_id, f.vaccine_group, g.calls, f.dose_number, coalesce(f.earliest_on, c.birth_date) AS earliest_on,
    coalesce(f.recommended_on, f.earliest_on, c.birth_date) AS recommended_on,
    coalesce(f.past_due_on, f.recommended_on, f.earliest_on, c.birth_date) AS past_due_on, f.refused_on
FROM forecast AS f
JOIN care_group AS g ON g.vaccine_group = f.vaccine_group
JOIN client AS c ON c.client_id = f.client_id
WHERE f.kind = 'standard' AND f.status = 'Not Complete' AND (NOT f.assumed OR $assumed_seasons)
    AND add_months(c.birth_date, 12 * ($oldest_age + 1)) > $as_of AND c.birth_date <= $as_of
    AND f.client_id IN (SELECT client_id FROM care_patient WHERE standing = 'active')
