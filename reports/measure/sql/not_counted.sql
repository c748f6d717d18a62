-- Of two active people about whom it is asked whether they are one, the one with fewer doses, or as many and the larger id.
WITH asked AS (
    SELECT d.client_id, d.other_id
    FROM doubt AS d
    JOIN patient_status AS a ON a.client_id = d.client_id AND a.level = 'jurisdiction' AND a.status = 'active'
    JOIN patient_status AS b ON b.client_id = d.other_id AND b.level = 'jurisdiction' AND b.status = 'active'
), given AS (
    SELECT client_id, count(*) AS doses FROM immunization WHERE client_id IN (SELECT client_id FROM asked) GROUP BY client_id
)
SELECT a.client_id, min(a.other_id) AS other_id
FROM asked AS a
LEFT JOIN given AS l ON l.client_id = a.client_id
LEFT JOIN given AS r ON r.client_id = a.other_id
WHERE coalesce(l.doses, 0) < coalesce(r.doses, 0) OR coalesce(l.doses, 0) = coalesce(r.doses, 0) AND a.other_id < a.client_id
GROUP BY a.client_id
