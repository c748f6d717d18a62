-- The doses on record of those with whose letter they go, antigen by antigen, the oldest first.
SELECT i.client_id, i.immunization_id, i.administered_on, i.cvx, e.antigen, e.status
FROM immunization AS i
JOIN historied AS h ON h.client_id = i.client_id
LEFT JOIN dose_evaluation AS e ON e.client_id = i.client_id AND e.immunization_id = i.immunization_id
-- whoever wrote the plan: nothing of somebody who may appear in no output
WHERE i.client_id NOT IN (SELECT client_id FROM restricted)
ORDER BY i.client_id, i.administered_on, i.immunization_id, e.antigen
