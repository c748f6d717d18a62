-- By file, the units that take something back.
SELECT file_no, count(*) AS n
FROM (SELECT file_no, unit FROM staged_client WHERE withdrawn
      UNION
      SELECT file_no, unit FROM staged_event WHERE action = 'D') AS w
GROUP BY file_no
