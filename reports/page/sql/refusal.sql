-- Tonight's refused units and doubtful values by sender and rule, each with the place of one of them.
SELECT sender, rule, field, severity, refusals, batch_id, line
FROM (
    SELECT r.sender, r.rule, r.field, r.severity, r.batch_id, r.line,
        count(*) OVER (PARTITION BY r.sender, r.rule, r.field, r.severity) AS refusals,
        row_number() OVER (PARTITION BY r.sender, r.rule, r.field, r.severity
            ORDER BY r.batch_id, r.line, r.byte_offset) AS place
    FROM rejected AS r
    WHERE r.snapshot = $snapshot
) AS ranked
WHERE place = 1
ORDER BY CASE severity WHEN 'refuse' THEN 1 WHEN 'warn' THEN 2 ELSE 3 END,
    refusals DESC, sender, rule, field NULLS FIRST
