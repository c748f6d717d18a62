-- Units of dose and comment files whose client no record of the sender knows.
SELECT e.file_no, e.unit, min(e.unit_offset) AS unit_offset, 'client_unknown' AS rule
FROM (SELECT sender, source_client_id, file_no, unit, unit_offset, unit_key FROM staged_event
      UNION ALL
      SELECT sender, source_client_id, file_no, unit, unit_offset, unit_key FROM staged_observation) AS e
JOIN (SELECT c.file_no, c.sender, c.source_client_id
      FROM dose_client AS c
      LEFT JOIN known_client AS k ON k.sender = c.sender AND k.source_client_id = c.source_client_id
      WHERE k.sender IS NULL) AS unknown
  ON unknown.file_no = e.file_no AND unknown.sender = e.sender AND unknown.source_client_id = e.source_client_id
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.unit_key <> 0 AND d.unit IS NULL
GROUP BY e.file_no, e.unit
