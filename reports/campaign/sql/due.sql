-- Each vaccine group that a called person needs by the end of the reminder window, with what a letter needs.
SELECT c.client_id, c.first_name, c.last_name, c.birth_date, c.language, c.guardian_first, c.guardian_last,
    c.address_1, c.address_2, c.city, c.state, c.zip, c.address_flag, c.phone, c.county_fips, c.region, c.provider,
    c.contact, c.in_review,
    c.no_contact OR c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_contact') AS no_contact,
    c.client_id IN (SELECT client_id FROM death_match) AS possible_death,
    s.status,
    f.vaccine_group, g.calls, f.recommended_on, f.past_due_on, f.refused_on
FROM called AS k
JOIN client AS c ON c.client_id = k.client_id
JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction'
JOIN forecast AS f ON f.client_id = c.client_id AND f.kind = 'standard' AND f.status = 'Not Complete'
JOIN campaign_group AS g ON g.vaccine_group = f.vaccine_group
WHERE f.recommended_on <= add_days($as_of, $reminder_days) OR add_days(f.past_due_on, $recall_days) <= $as_of
ORDER BY c.client_id, f.vaccine_group
