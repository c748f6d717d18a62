-- By file, the client and day with the most doses.
SELECT file_no, max(doses) AS doses, CAST(min(line) FILTER (WHERE place = 1) AS BIGINT) AS line
FROM (
    SELECT file_no, doses, line,
        row_number() OVER (PARTITION BY file_no ORDER BY doses DESC NULLS LAST, line NULLS LAST) AS place
    FROM (
        SELECT file_no, record_id, administered_on, count(*) AS doses, min(unit) AS line
        FROM staged_event
        WHERE action <> 'D'
        GROUP BY file_no, record_id, administered_on) AS d) AS n
WHERE place = 1
GROUP BY file_no
