-- The doses of the people whose records are asked for, a row for each antigen that a dose was judged for.
SELECT i.client_id, i.immunization_id, i.administered_on, i.cvx, i.mvx, i.trade_name, i.lot, i.historical,
    e.antigen, e.status, e.reasons
FROM immunization AS i
JOIN asked_record AS a ON a.client_id = i.client_id
LEFT JOIN dose_evaluation AS e ON e.client_id = i.client_id AND e.immunization_id = i.immunization_id
ORDER BY i.client_id, i.administered_on, i.immunization_id, e.antigen NULLS FIRST
