-- The clients of each of tonight's dose files, and the earliest dose: few rows beside the doses, so that
-- what follows looks at these first. In HL7 the client stands in the same message.
SELECT file_no, sender, source_client_id, min(CASE WHEN action = 'A' THEN administered_on END) AS earliest
FROM staged_event
WHERE unit_key <> 0
GROUP BY file_no, sender, source_client_id
