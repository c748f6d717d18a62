-- What each person needs on the night. Of a group of which calendar dates decide, such as a season, and where the period of birth
-- that is shown lies too near to a day of birth at which the status changes, nothing is told but a refusal: what anybody can work
-- out from a calendar would say by how many days the person's dates are moved.
WITH need AS (
    SELECT p.person, CAST(f.vaccine_group AS extract_word) AS vaccine_group, CAST(f.status AS extract_word) AS status,
        coalesce(f.dose_number, 0) AS next_dose, f.refused_on IS NOT NULL AS refused,
        period_start(add_days(f.earliest_on, p.shift), $as_of, p.months) AS earliest_on,
        period_start(add_days(f.recommended_on, p.shift), $as_of, p.months) AS recommended_on,
        period_start(add_days(f.past_due_on, p.shift), $as_of, p.months) AS past_due_on,
        period_start($as_of, $as_of, p.months) AS this_period,
        t.vaccine_group IS NULL AND f.vaccine_group NOT IN (SELECT vaccine_group FROM extract_group WHERE dated) AS told
    FROM forecast AS f
    JOIN extract_person AS p ON p.client_id = f.client_id
    LEFT JOIN extract_turning AS t ON t.born_from = p.born_from AND t.born_until = p.born_until
        AND t.vaccine_group = f.vaccine_group
    WHERE f.kind = 'standard'
)
SELECT person, vaccine_group, CASE WHEN told THEN status END AS status, CASE WHEN told THEN next_dose ELSE 0 END AS next_dose,
    CASE WHEN told THEN earliest_on END AS earliest_on,
    CASE WHEN told THEN recommended_on END AS recommended_on, CASE WHEN told THEN past_due_on END AS past_due_on,
    CASE WHEN told THEN status = 'Not Complete' AND coalesce(recommended_on <= $as_of, false) END AS due,
    CASE WHEN told THEN status = 'Not Complete' AND coalesce(past_due_on < this_period, false) END AS overdue, refused
FROM need
ORDER BY person, vaccine_group
