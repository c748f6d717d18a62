-- How many doses tonight's deliveries report of one client before the age of two.
SELECT e.file_no, min(e.unit) AS unit, min(e.line) AS line_no, min(e.unit_offset) AS unit_offset,
    count(*) FILTER (WHERE e.administered_on < k.turns_half) AS before_6_months,
    count(*) FILTER (WHERE e.administered_on < k.turns_2) AS before_2_years
FROM staged_event AS e
LEFT JOIN dose_generation AS g ON g.file_no = e.file_no AND g.line = e.line
JOIN check_subject AS k ON k.sender = e.sender AND k.source_client_id = e.source_client_id AND k.generation = coalesce(g.generation, 1)
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.action = 'A' AND d.unit IS NULL AND e.administered_on < k.turns_2
GROUP BY e.file_no, e.sender, e.source_client_id, k.generation
HAVING count(*) > 20
