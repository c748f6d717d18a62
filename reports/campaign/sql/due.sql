-- Each vaccine group that a called person needs by the end of the reminder window, with what a letter needs.
SELECT c.client_id, c.first_name, c.last_name, c.birth_date, c.language, c.guardian_first, c.guardian_last,
    c.address_1, c.address_2, c.city, c.state, c.zip, c.address_flag, c.phone, c.county_fips, c.region,
    CASE WHEN k.status = 'active' THEN c.provider END AS provider,
    c.contact, c.in_review,
    c.no_contact OR c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_contact') AS no_contact,
    c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_mail') AS no_mail,
    c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_calls') AS no_calls,
    c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_texts') AS no_texts,
    c.client_id IN (SELECT client_id FROM death_match) AS possible_death,
    coalesce(s.status, 'unknown') AS status,
    f.vaccine_group, f.calls, f.dose_number, f.recommended_on, f.past_due_on, f.refused_on
FROM called AS d
JOIN client AS c ON c.client_id = d.client_id
LEFT JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction'
-- a clinic that no longer calls the person its patient signs no letter, and holds none
LEFT JOIN patient_status AS k ON k.client_id = c.client_id AND k.level = 'provider' AND k.provider = c.provider
JOIN open_dose AS f ON f.client_id = c.client_id AND f.named
WHERE f.recommended_on <= add_days($as_of, $horizon_days)
    OR add_days(coalesce(f.past_due_on, f.recommended_on), $recall_days) <= $as_of
ORDER BY c.client_id, f.vaccine_group
