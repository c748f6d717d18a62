-- Of what was wrong all that is kept: of a file that is refused whole, the first rows only.
SELECT r.*
FROM (SELECT a.*, row_number() OVER (PARTITION BY a.file_no ORDER BY a.line, a.rule, a.field NULLS LAST, a.code NULLS LAST) AS place
      FROM found_rejection AS a) AS r
WHERE r.file_no NOT IN (SELECT file_no FROM refused_file) OR r.place <= $most
