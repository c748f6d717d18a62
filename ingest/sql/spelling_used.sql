-- The spellings of namespaces that a sender uses: tonight with the first line that has it, and before, as file 0.
SELECT sender, spelling, file_no, min(line) AS line, count(*) AS units
FROM (SELECT sender, namespace AS spelling, file_no, unit AS line FROM staged_client
      UNION ALL
      SELECT sender, namespace, file_no, line FROM staged_event
      UNION ALL
      SELECT sender, client_namespace, file_no, line FROM staged_event WHERE unit_key <> 0
      UNION ALL
      SELECT sender, client_namespace, file_no, line FROM staged_observation WHERE unit_key <> 0) AS tonight
WHERE spelling IS NOT NULL
GROUP BY sender, spelling, file_no
UNION ALL
SELECT sender, spelling, CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS line, count(*) AS units
FROM (SELECT sender, namespace AS spelling FROM prior_client_record
      UNION ALL
      SELECT sender, namespace FROM prior_vaccination_event) AS before
WHERE spelling IS NOT NULL
GROUP BY sender, spelling
ORDER BY sender, spelling, file_no
