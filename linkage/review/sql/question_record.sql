-- The records of the open questions, in linkage form.
SELECT *
FROM standard_record
WHERE record_id IN (SELECT record_l FROM open_question UNION SELECT record_r FROM open_question)
