-- Addresses of the people called tonight from which, as some sender reports, mail comes back, and the last such report.
SELECT l.client_id, r.address_1, r.zip, max(r.snapshot) AS snapshot
FROM client_record AS r
JOIN client_link AS l ON l.record_id = r.record_id
JOIN called AS k ON k.client_id = l.client_id
WHERE r.address_flag = 'bad' AND r.address_1 IS NOT NULL AND r.zip IS NOT NULL
GROUP BY l.client_id, r.address_1, r.zip
ORDER BY l.client_id, r.address_1, r.zip
