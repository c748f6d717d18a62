-- The visits of the people in the extract. What was due is told of those whose period, as it is shown, begins so late that the
-- visit was worked out however far the person's dates are moved: that it was says nothing about the day.
SELECT client_id, person, visit, months, shift, administered_on, given_on, given_until, age_months, min(provider) AS clinic, count(*) AS doses,
    given_on >= add_days($visits_from, $max_shift) AS worked_out
FROM extract_dose
GROUP BY client_id, person, visit, months, shift, administered_on, given_on, given_until, age_months
