-- The clients of each of tonight's dose and comment files, and the earliest dose: few rows beside the doses, so
-- that what follows looks at these first. In HL7 the client stands in the same message.
SELECT file_no, sender, source_client_id, min(CASE WHEN action = 'A' THEN administered_on END) AS earliest
FROM (SELECT file_no, sender, source_client_id, action, administered_on FROM staged_event WHERE unit_key <> 0
      UNION ALL
      SELECT file_no, sender, source_client_id, action, CAST(NULL AS DATE) AS administered_on FROM staged_observation WHERE unit_key <> 0) AS told
GROUP BY file_no, sender, source_client_id
