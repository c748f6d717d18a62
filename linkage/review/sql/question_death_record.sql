-- The records of the open questions about deaths, in linkage form.
SELECT *
FROM standard_record
WHERE record_id IN (SELECT record_id FROM open_death)
