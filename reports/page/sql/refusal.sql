-- Tonight's refused units and doubtful values by sender and rule, each with the file and line of one of them.
SELECT sender, rule, field, severity, refusals, batch_id, file_name, line
FROM (
    SELECT r.sender, r.rule, r.field, r.severity, r.batch_id, b.file_name, r.line,
        count(*) OVER (PARTITION BY r.sender, r.rule, r.field, r.severity) AS refusals,
        row_number() OVER (PARTITION BY r.sender, r.rule, r.field, r.severity
            ORDER BY b.file_name NULLS LAST, r.batch_id, r.line, r.byte_offset) AS place
    FROM rejected AS r
    LEFT JOIN (
        SELECT batch_id, min(file_name) AS file_name FROM latest_batch WHERE snapshot = $snapshot GROUP BY batch_id
    ) AS b ON b.batch_id = r.batch_id
    WHERE r.snapshot = $snapshot
) AS ranked
WHERE place = 1
ORDER BY CASE severity WHEN 'refuse' THEN 1 WHEN 'warn' THEN 2 ELSE 3 END,
    refusals DESC, sender, rule, field NULLS FIRST
