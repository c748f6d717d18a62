-- Days on which people were given doses.
SELECT d.person, d.visit, d.given_on, d.given_until, d.age_months, min(d.provider) AS clinic, count(*) AS doses, sum(coalesce(j.valid, 0)) AS valid_doses
FROM extract_dose AS d
LEFT JOIN (SELECT client_id, immunization_id, min(valid) AS valid FROM extract_judged GROUP BY client_id, immunization_id) AS j
    ON j.client_id = d.client_id AND j.immunization_id = d.immunization_id
GROUP BY d.person, d.visit, d.given_on, d.given_until, d.age_months
