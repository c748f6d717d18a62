-- Immunity, contraindications, reactions and exemptions by belief of the people whose records are asked for, each once.
SELECT DISTINCT l.client_id, CASE WHEN o.kind = 'refusal' THEN 'exemption' ELSE o.kind END AS kind, o.code, o.cdsi_code, o.cvx,
    o.observed_on
FROM latest_observation AS o
JOIN client_link AS l ON l.record_id = o.record_id
JOIN asked_record AS a ON a.client_id = l.client_id
WHERE o.action <> 'D' AND (o.kind IN ('immunity', 'contraindication', 'reaction') OR o.kind = 'refusal' AND o.code = 'NIP002:01')
ORDER BY l.client_id, kind, o.observed_on NULLS LAST, o.code, o.cvx NULLS FIRST
