-- The patients, and former patients, of the clinics that receive a list.
SELECT s.provider, s.status AS standing, s.reason, s.since, c.client_id, c.first_name, c.last_name, c.birth_date, c.sex,
    c.guardian_first, c.guardian_last, c.phone, c.address_1, c.address_2, c.city, c.state, c.zip, c.language, c.in_review,
    c.no_contact OR c.contact = 'none' OR c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_contact')
        AS no_contact
FROM patient_status AS s
JOIN care_clinic AS k ON k.provider = s.provider
JOIN client AS c ON c.client_id = s.client_id
JOIN shown AS x ON x.client_id = c.client_id
WHERE s.level = 'provider' AND s.status <> 'deceased'
