-- The people whose records are asked for.
SELECT c.client_id, c.first_name, c.middle_name, c.last_name, c.suffix, c.birth_date, c.language,
    c.status = 'deceased' OR c.deceased_on IS NOT NULL AS deceased,
    c.opted_out OR c.locked OR c.sealed OR r.client_id IS NOT NULL AS kept_apart
FROM client AS c
JOIN asked_record AS a ON a.client_id = c.client_id
LEFT JOIN (
    SELECT DISTINCT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
) AS r ON r.client_id = c.client_id
ORDER BY c.client_id
