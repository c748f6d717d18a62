-- The doses of the people in the extract, numbered, with when they were given as it is shown.
SELECT p.person, p.months, p.shift, i.client_id, i.administered_on, i.immunization_id, i.cvx, i.provider, i.historical,
    row_number() OVER (PARTITION BY i.client_id ORDER BY i.administered_on, i.immunization_id) AS dose,
    dense_rank() OVER (PARTITION BY i.client_id ORDER BY i.administered_on) AS visit,
    period_start(add_days(i.administered_on, p.shift), $as_of, p.months) AS given_on,
    add_months($as_of, -p.months * periods_ago(add_days(i.administered_on, p.shift), $as_of, p.months)) AS given_until,
    p.months * CAST(floor(completed_months(c.birth_date, i.administered_on) / (1.0 * p.months)) AS INTEGER) AS age_months
FROM immunization AS i
JOIN extract_person AS p ON p.client_id = i.client_id
JOIN client AS c ON c.client_id = i.client_id
WHERE c.birth_date <= i.administered_on AND i.administered_on <= $as_of
