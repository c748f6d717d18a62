-- By file, the lines that break each rule, by field and unknown code, the commonest first.
SELECT f.file_no, r.rule, r.severity, r.field, r.code, count(*) AS n, min(r.line) AS line
FROM tonight_rejected AS r
JOIN tonight_file AS f ON f.batch_id = r.batch_id
GROUP BY f.file_no, r.rule, r.severity, r.field, r.code
ORDER BY f.file_no, n DESC, r.rule, r.field NULLS FIRST, r.code NULLS FIRST
