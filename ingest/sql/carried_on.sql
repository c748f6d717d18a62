-- The numbers that came with another assigning authority than before, or with none, by file.
SELECT file_no, count(*) AS units, min(unit) AS line
FROM check_version
WHERE namespace_before IS NOT NULL AND coalesce(namespace, '') <> namespace_before
GROUP BY file_no
ORDER BY file_no
