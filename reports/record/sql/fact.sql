-- Immunity, contraindications and reactions of the people whose records are asked for, each once.
SELECT DISTINCT l.client_id, o.kind, o.code, o.cdsi_code, o.cvx, o.observed_on
FROM latest_observation AS o
JOIN client_link AS l ON l.record_id = o.record_id
JOIN asked_record AS a ON a.client_id = l.client_id
WHERE o.action <> 'D' AND o.kind IN ('immunity', 'contraindication', 'reaction')
ORDER BY l.client_id, o.kind, o.observed_on NULLS LAST, o.code, o.cvx NULLS FIRST
