-- What each person needs on the night.
SELECT p.person, f.vaccine_group, f.status, coalesce(f.dose_number, 0) AS next_dose,
    period_start(add_days(f.earliest_on, p.shift), $as_of, p.months) AS earliest_on, period_start(add_days(f.recommended_on, p.shift), $as_of, p.months) AS recommended_on,
    period_start(add_days(f.past_due_on, p.shift), $as_of, p.months) AS past_due_on,
    f.status = 'Not Complete' AND coalesce(period_start(add_days(f.recommended_on, p.shift), $as_of, p.months) <= $as_of, false) AS due,
    f.status = 'Not Complete' AND coalesce(period_start(add_days(f.past_due_on, p.shift), $as_of, p.months) < period_start($as_of, $as_of, p.months), false) AS overdue,
    f.refused_on IS NOT NULL AS refused
FROM forecast AS f JOIN extract_person AS p ON p.client_id = f.client_id
WHERE f.kind = 'standard'
