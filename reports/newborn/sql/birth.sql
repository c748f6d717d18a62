-- The births to decide about, with what is known of each child tonight.
SELECT b.record_id, l.client_id, b.birth_date, s.outcome,
    coalesce(c.sealed, FALSE) OR l.client_id IN (SELECT client_id FROM restriction WHERE kind = 'seal') AS sealed,
    coalesce(c.no_contact, FALSE) OR l.client_id IN (SELECT client_id FROM restricted)
        OR l.client_id IN (SELECT client_id FROM restriction WHERE kind IN ('no_contact', 'no_mail')) AS restricted,
    b.deceased_on IS NOT NULL OR coalesce(c.status = 'deceased', FALSE) OR c.deceased_on IS NOT NULL
        OR l.client_id IN (SELECT client_id FROM death_match WHERE basis <> 'possible') AS dead,
    l.client_id IN (SELECT client_id FROM death_match) AS may_be_dead,
    l.client_id IN (
        SELECT now.client_id
        FROM settled_birth AS t JOIN client_link AS now ON now.record_id = t.record_id
        WHERE t.outcome = 'notified'
    ) AS same_child
FROM newest_birth AS b
LEFT JOIN client_link AS l ON l.record_id = b.record_id
LEFT JOIN client AS c ON c.client_id = l.client_id
LEFT JOIN settled_birth AS s ON s.record_id = b.record_id
WHERE NOT b.withdrawn
ORDER BY b.record_id
