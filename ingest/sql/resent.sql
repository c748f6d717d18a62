-- How many records and doses an earlier delivery brought, and how many of them a file of tonight has.
SELECT count(*) AS old_keys, count(s.k) AS here
FROM (SELECT DISTINCT record_id AS k FROM prior_client_record WHERE batch_id = $batch
      UNION ALL
      SELECT DISTINCT event_id FROM prior_vaccination_event WHERE batch_id = $batch AND action = 'A') AS o
LEFT JOIN (SELECT DISTINCT record_id AS k FROM staged_client WHERE file_no = $file
           UNION ALL
           SELECT DISTINCT event_id FROM staged_event WHERE file_no = $file) AS s ON s.k = o.k
