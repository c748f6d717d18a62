-- How many active patients a clinic has, and how many doses it gave them in the last year.
SELECT p.provider, count(DISTINCT p.client_id) AS patients, count(DISTINCT i.immunization_id) AS doses
FROM care_patient AS p
LEFT JOIN immunization AS i ON i.client_id = p.client_id AND i.provider = p.provider AND NOT i.historical
    AND i.administered_on > add_months($as_of, -12) AND i.administered_on <= $as_of
WHERE p.standing = 'active'
GROUP BY p.provider
ORDER BY p.provider
