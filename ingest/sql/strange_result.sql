-- Units of tonight that hold a result of a notice that nobody has written, or from before it was written.
WITH written AS (
    SELECT notice_id, min(issued_on) AS issued_on FROM prior_notice
    WHERE notice_id IN (SELECT notice_id FROM staged_result)
    GROUP BY notice_id
)
SELECT r.file_no, r.unit, r.unit AS line, r.unit_offset,
    CASE WHEN w.notice_id IS NULL THEN 'notice_unknown' ELSE 'result_before_notice' END AS rule
FROM staged_result AS r
LEFT JOIN written AS w ON w.notice_id = r.notice_id
LEFT JOIN dropped_unit AS d ON d.file_no = r.file_no AND d.unit = r.unit
WHERE d.unit IS NULL AND (w.notice_id IS NULL OR r.happened_on < w.issued_on)
ORDER BY r.file_no, r.unit
