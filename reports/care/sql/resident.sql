-- Doses of people who live in another state that receives them.
SELECT upper(c.state) AS resides_in, c.client_id, c.first_name, c.middle_name, c.last_name, c.suffix, c.birth_date, c.sex,
    c.guardian_first, c.guardian_last, c.address_1, c.address_2, c.city, c.zip, c.phone,
    i.immunization_id, i.administered_on, i.cvx, i.mvx, i.lot, i.historical
FROM client AS c
JOIN care_state AS k ON k.code = upper(c.state)
JOIN shown AS x ON x.client_id = c.client_id
JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction' AND s.status = 'outside'
JOIN immunization AS i ON i.client_id = c.client_id
ORDER BY resides_in, c.last_name NULLS LAST, c.first_name NULLS LAST, c.client_id, i.administered_on, i.immunization_id
