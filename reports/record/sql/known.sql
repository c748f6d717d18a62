-- What is known of the people whom requests for records name: where they live or have lived, and the mother's name before marriage.
SELECT DISTINCT m.client_id, c.address_1, c.zip, CAST(NULL AS VARCHAR) AS mother_maiden
FROM access_match AS m JOIN client AS c ON c.client_id = m.client_id
WHERE c.address_1 IS NOT NULL
UNION
SELECT m.client_id, h.address_1, h.zip, NULL
FROM access_match AS m JOIN client_history AS h ON h.client_id = m.client_id
WHERE h.kind = 'address' AND h.address_1 IS NOT NULL
UNION
SELECT m.client_id, NULL, NULL, s.mother_maiden
FROM access_match AS m
JOIN client_link AS l ON l.client_id = m.client_id
JOIN standard_record AS s ON s.record_id = l.record_id
WHERE s.mother_maiden IS NOT NULL AND NOT s.withdrawn
ORDER BY client_id, address_1 NULLS FIRST, zip NULLS FIRST, mother_maiden NULLS FIRST
