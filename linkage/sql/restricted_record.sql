-- The records of people who have opted out or are locked, and what their requests give, to compare others with.
SELECT r.client_id, s.record_id, s.content_hash, s.birth_iso, s.sex, s.mother_first, s.mother_maiden, s.guardian_first,
    s.guardian_last, s.street, s.zip, s.phone, s.phone_2, s.email, $full OR s.dirty OR was.client_id IS NULL AS fresh
FROM restricted_client AS r
JOIN client_link AS l ON l.client_id = r.client_id
JOIN standard_now AS s ON s.record_id = l.record_id
LEFT JOIN prior_client_link AS p ON p.record_id = l.record_id
LEFT JOIN prior_restricted AS was ON was.client_id = p.client_id
UNION ALL
SELECT r.client_id, s.record_id, s.content_hash, s.birth_iso, s.sex, s.mother_first, s.mother_maiden,
    s.guardian_first, s.guardian_last, s.street, s.zip, s.phone, s.phone_2, s.email, $full OR was.client_id IS NULL
FROM restricted_by AS r
JOIN standard_request AS s ON s.record_id = 'request:' || r.source_id
LEFT JOIN prior_restricted AS was ON was.client_id = r.client_id
