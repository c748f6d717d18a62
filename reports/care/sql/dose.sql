-- Doses of the last year that a clinic gave itself to one of its active patients, antigen by antigen, where one of them does not count.
WITH given AS (
    SELECT i.immunization_id, i.client_id, i.provider, i.administered_on, i.cvx
    FROM immunization AS i
    JOIN care_patient AS p ON p.client_id = i.client_id AND p.provider = i.provider AND p.standing = 'active'
    WHERE NOT i.historical AND i.administered_on > add_months($as_of, -12) AND i.administered_on <= $as_of
), faulty AS (
    SELECT DISTINCT e.immunization_id, e.client_id
    FROM dose_evaluation AS e
    JOIN given AS g ON g.immunization_id = e.immunization_id AND g.client_id = e.client_id
    WHERE e.status IN ('Not Valid', 'Extraneous')
)
SELECT p.*, h.chart, g.immunization_id, g.administered_on, g.cvx, e.antigen, e.status AS evaluation, e.reasons
FROM given AS g
JOIN faulty AS x ON x.immunization_id = g.immunization_id AND x.client_id = g.client_id
JOIN dose_evaluation AS e ON e.immunization_id = g.immunization_id AND e.client_id = g.client_id
JOIN care_patient AS p ON p.client_id = g.client_id AND p.provider = g.provider
LEFT JOIN care_chart AS h ON h.client_id = p.client_id AND h.provider = p.provider
ORDER BY p.provider, p.last_name NULLS LAST, p.first_name NULLS LAST, p.client_id, g.administered_on, g.immunization_id,
    e.antigen
