-- Doses by vaccine group.
SELECT person, dose, visit, given_on, given_until, age_months, cvx, vaccine_group, valid = 1 AS valid,
    coalesce(CAST(fault AS VARCHAR), 'Valid') AS status, reason, CASE WHEN valid = 1 THEN coalesce(series_dose, 0) ELSE 0 END AS series_dose,
    CASE WHEN historical THEN 'reported' ELSE 'given' END AS source, clinic
FROM (
    SELECT d.person, d.dose, d.visit, d.given_on, d.given_until, d.age_months, d.cvx, j.vaccine_group, j.valid, j.fault, j.reason,
        j.series_dose, d.historical, d.provider AS clinic
    FROM extract_dose AS d
    JOIN extract_judged AS j ON j.client_id = d.client_id AND j.dose = d.dose
    ORDER BY d.person, d.dose, j.vaccine_group
) AS f
