-- Each request for a record, a row for each person whom it names or may name, with what decides about it.
SELECT q.request_id, q.received_on, q.relation, q.mother_maiden, q.address_1, q.zip,
    m.client_id, coalesce(m.sure, false) AS sure, c.birth_date,
    coalesce(c.opted_out OR c.locked OR c.sealed, false) OR r.client_id IS NOT NULL AS kept_apart,
    coalesce(c.status = 'deceased' OR c.deceased_on IS NOT NULL, false) OR d.client_id IS NOT NULL AS deceased
FROM latest_request AS q
LEFT JOIN access_match AS m ON m.request_id = q.request_id
LEFT JOIN client AS c ON c.client_id = m.client_id
LEFT JOIN (
    SELECT DISTINCT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
) AS r ON r.client_id = m.client_id
LEFT JOIN (SELECT DISTINCT client_id FROM death_match) AS d ON d.client_id = m.client_id
WHERE q.kind = 'access'
ORDER BY q.request_id, m.client_id NULLS FIRST
