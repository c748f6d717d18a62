-- What each person needs on the night. Of a group of which calendar dates decide when it is due there are no days: the first of a
-- season, which anybody knows, would say by how many days the person's dates are moved.
WITH need AS (
    SELECT p.person, f.vaccine_group, f.status, coalesce(f.dose_number, 0) AS next_dose, f.refused_on IS NOT NULL AS refused,
        period_start(add_days(f.earliest_on, p.shift), $as_of, p.months) AS earliest_on,
        period_start(add_days(f.recommended_on, p.shift), $as_of, p.months) AS recommended_on,
        period_start(add_days(f.past_due_on, p.shift), $as_of, p.months) AS past_due_on,
        period_start($as_of, $as_of, p.months) AS this_period,
        f.vaccine_group IN (SELECT vaccine_group FROM extract_group WHERE dated) AS dated
    FROM forecast AS f JOIN extract_person AS p ON p.client_id = f.client_id
    WHERE f.kind = 'standard'
)
SELECT person, vaccine_group, status, next_dose, CASE WHEN NOT dated THEN earliest_on END AS earliest_on,
    CASE WHEN NOT dated THEN recommended_on END AS recommended_on, CASE WHEN NOT dated THEN past_due_on END AS past_due_on,
    CASE WHEN NOT dated THEN status = 'Not Complete' AND coalesce(recommended_on <= $as_of, false) END AS due,
    CASE WHEN NOT dated THEN status = 'Not Complete' AND coalesce(past_due_on < this_period, false) END AS overdue, refused
FROM need
