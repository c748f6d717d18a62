-- Doses by vaccine group.
SELECT d.person, d.dose, d.visit, d.given_on, d.given_until, d.age_months, d.cvx, j.vaccine_group, j.valid = 1 AS valid,
    coalesce(j.fault, 'Valid') AS status, j.reason, CASE WHEN j.valid = 1 THEN coalesce(j.series_dose, 0) ELSE 0 END AS series_dose,
    CASE WHEN d.historical THEN 'reported' ELSE 'given' END AS source, d.provider AS clinic
FROM extract_dose AS d
JOIN extract_judged AS j ON j.client_id = d.client_id AND j.dose = d.dose
