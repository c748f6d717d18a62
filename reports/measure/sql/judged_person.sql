-- People of an age that some measure is about, who are active in the jurisdiction. patient_status has nobody who is hidden.
SELECT c.client_id, c.birth_date
FROM client AS c
JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction' AND s.status = 'active'
WHERE c.birth_date <= $as_of
    AND EXISTS (SELECT 1 FROM measured_birth AS b WHERE c.birth_date BETWEEN b.born_from AND b.born_until)
    AND c.client_id IN (SELECT client_id FROM measured_person)
