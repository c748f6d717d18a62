-- What was wrong tonight: one row for each rule and field of a line, however often it was broken there.
SELECT batch_id, snapshot, sender, line, byte_offset, field, rule, severity, min(code) AS code, file_no
FROM (SELECT * FROM staged_rejection
      UNION ALL
      SELECT * FROM later_rejection
      UNION ALL
      SELECT * FROM checked_rejection) AS found
GROUP BY batch_id, snapshot, sender, line, byte_offset, field, rule, severity, file_no
