-- The doses of the people in the extract, numbered, with when they were given as it is shown. The age is that
-- between the moved days: months differ in length.
-- One that is moved beyond the night is left out: none is given after it, so that it would say which way dates are moved.
SELECT p.person, p.months, p.shift, i.client_id, i.administered_on, i.immunization_id, i.cvx,
    CAST(i.provider AS extract_word) AS provider, i.historical,
    CAST(row_number() OVER (PARTITION BY i.client_id ORDER BY i.administered_on, i.immunization_id) AS INTEGER) AS dose,
    CAST(dense_rank() OVER (PARTITION BY i.client_id ORDER BY i.administered_on) AS INTEGER) AS visit,
    period_start(add_days(i.administered_on, p.shift), $as_of, p.months) AS given_on,
    add_months($as_of, -p.months * periods_ago(add_days(i.administered_on, p.shift), $as_of, p.months)) AS given_until,
    p.months * CAST(floor(completed_months(add_days(c.birth_date, p.shift), add_days(i.administered_on, p.shift)) / (1.0 * p.months)) AS INTEGER) AS age_months
FROM immunization AS i
JOIN extract_person AS p ON p.client_id = i.client_id
JOIN client AS c ON c.client_id = i.client_id
WHERE c.birth_date <= i.administered_on AND add_days(i.administered_on, p.shift) <= $as_of
