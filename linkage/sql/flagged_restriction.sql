-- The restrictions that flags on the newest versions of records ask for, since the version that has the flag.
SELECT l.client_id, 'lock' AS kind, r.record_id AS source_id, 'record' AS basis, r.snapshot AS since_snapshot
FROM newest_record AS r JOIN client_link AS l ON l.record_id = r.record_id
WHERE r.share = 'refused'
UNION ALL
SELECT l.client_id, 'no_contact', r.record_id, 'record', r.snapshot
FROM newest_record AS r JOIN client_link AS l ON l.record_id = r.record_id
WHERE r.contact = 'none'
ORDER BY client_id, kind, source_id
