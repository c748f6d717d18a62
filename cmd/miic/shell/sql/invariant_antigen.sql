-- The antigens that a report names and the real dose that it is a report of lacks.
SELECT 1 AS breach
FROM audited_source AS s
JOIN audited_report AS e ON e.event_id = s.event_id
JOIN named_antigen AS n ON n.cvx = e.cvx
JOIN immunization AS i ON i.immunization_id = s.immunization_id AND i.client_id = s.client_id
LEFT JOIN named_antigen AS k ON k.cvx = i.cvx AND k.antigen = n.antigen
WHERE k.antigen IS NULL
