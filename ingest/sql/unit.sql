-- Every unit that has rows, with what identifies it in its file.
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_client
UNION ALL
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_event WHERE unit_key <> 0
UNION ALL
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_request
UNION ALL
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_death
UNION ALL
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_roster
UNION ALL
SELECT file_no, unit, unit_offset, unit_key, unit_hash, CAST(0 AS BIGINT) AS line FROM staged_observation WHERE unit_key <> 0
