-- The clients of each of tonight's files with doses: whether they stand in the same message or must be
-- known otherwise, and the earliest dose. Few rows beside the doses: what follows looks at these first.
SELECT file_no, sender, source_client_id,
       max(CASE WHEN unit_key <> 0 THEN 1 ELSE 0 END) AS elsewhere,
       min(CASE WHEN action = 'A' THEN administered_on END) AS earliest
FROM staged_event
GROUP BY file_no, sender, source_client_id
