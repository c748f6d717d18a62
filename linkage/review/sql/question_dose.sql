-- The doses of the persons of the open questions, by person and day.
SELECT client_id, administered_on, cvx
FROM immunization
WHERE client_id IN (SELECT client_l FROM open_question UNION SELECT client_r FROM open_question)
ORDER BY client_id, administered_on, cvx
