-- Tonight's refused units and doubtful values, a file at a time, without any value.
SELECT r.batch_id, r.line, r.byte_offset, r.field, r.rule, r.severity, r.code
FROM rejected AS r
WHERE r.snapshot = $snapshot
ORDER BY r.batch_id, CASE r.severity WHEN 'refuse' THEN 1 WHEN 'warn' THEN 2 ELSE 3 END,
    r.line, r.byte_offset, r.rule, r.field NULLS FIRST, r.code NULLS FIRST
