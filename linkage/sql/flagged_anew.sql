-- The persons of whom only a restriction or a question about them has changed since the parent snapshot.
SELECT p.client_id
FROM prior_client AS p
LEFT JOIN client_flag AS f ON f.client_id = p.client_id
LEFT JOIN client_waiting AS w ON w.client_id = p.client_id
WHERE NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
    AND (p.opted_out <> coalesce(f.opted_out, false) OR p.locked <> coalesce(f.locked, false)
        OR p.no_contact <> coalesce(f.no_contact, false)
        OR p.sealed <> coalesce(f.sealed, false) OR p.in_review <> (w.client_id IS NOT NULL))
