-- Units of tonight that hold a result of a notice that nobody has written, or from before it was written, or about a person
-- of whom there is no record any more.
SELECT r.file_no, r.unit, r.unit AS line, r.unit_offset,
    CASE WHEN a.notice_id IS NULL THEN 'notice_unknown' WHEN r.happened_on < a.issued_on THEN 'result_before_notice'
        ELSE 'result_of_nobody' END AS rule
FROM staged_result AS r
LEFT JOIN addressee AS a ON a.notice_id = r.notice_id
LEFT JOIN dropped_unit AS d ON d.file_no = r.file_no AND d.unit = r.unit
WHERE d.unit IS NULL AND (a.notice_id IS NULL OR r.happened_on < a.issued_on
    OR a.record_id IS NULL AND r.code IN (SELECT code FROM personal_code))
ORDER BY r.file_no, r.unit
