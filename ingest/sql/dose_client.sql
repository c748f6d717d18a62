-- The clients of each of tonight's dose and comment files.
-- They are few rows beside the doses, so what follows looks at these first. In HL7 the client comes in the same message.
SELECT DISTINCT file_no, sender, source_client_id
FROM (SELECT file_no, sender, source_client_id FROM staged_event WHERE unit_key <> 0
      UNION ALL
      SELECT file_no, sender, source_client_id FROM staged_observation WHERE unit_key <> 0) AS reported
