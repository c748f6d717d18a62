-- Tonight's client records, as their files give them.
SELECT c.*, c.unit AS line_no, n.as_of
FROM staged_client AS c
CROSS JOIN check_night AS n
LEFT JOIN dropped_unit AS d ON d.file_no = c.file_no AND d.unit = c.unit
WHERE d.unit IS NULL
