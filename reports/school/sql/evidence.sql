-- What the forecast says of the students that were surely matched.
SELECT m.place, f.vaccine_group, max(CASE WHEN f.status = 'Immune' THEN 1 ELSE 0 END) = 1 AS immune,
    max(CASE WHEN f.status = 'Contraindicated' THEN 1 ELSE 0 END) = 1 AS contraindicated,
    min(CASE WHEN f.status = 'Not Complete' THEN f.recommended_on END) AS next_on
FROM forecast AS f
JOIN asked_match AS m ON m.client_id = f.client_id
GROUP BY m.place, f.vaccine_group
ORDER BY m.place, f.vaccine_group
