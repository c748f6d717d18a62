-- What is recommended to the people whose records are asked for, and the groups in which they are immune or may not be vaccinated.
SELECT f.client_id, f.vaccine_group, f.status, f.earliest_on, f.recommended_on, f.past_due_on
FROM forecast AS f
JOIN asked_record AS a ON a.client_id = f.client_id
WHERE NOT f.assumed AND (f.status IN ('Immune', 'Contraindicated') OR f.status = 'Not Complete' AND f.recommended_on IS NOT NULL)
ORDER BY f.client_id, f.vaccine_group, CASE WHEN f.kind = 'standard' THEN 0 ELSE 1 END
