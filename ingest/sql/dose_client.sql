-- The clients of each of tonight's dose and comment files, by their number and the organisation that gave it.
-- They are few rows beside the doses, so what follows looks at these first. In HL7 the client comes in the same message.
SELECT DISTINCT r.file_no, r.sender, r.source_client_id, coalesce(s.namespace, '') AS namespace
FROM (SELECT file_no, sender, source_client_id, client_namespace FROM staged_event WHERE unit_key <> 0
      UNION ALL
      SELECT file_no, sender, source_client_id, client_namespace FROM staged_observation WHERE unit_key <> 0) AS r
LEFT JOIN spelling AS s ON s.sender = r.sender AND s.spelling = r.client_namespace
