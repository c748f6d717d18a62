-- Units whose id came more than once in their file: the same content loads once, different content not at all.
SELECT u.file_no, u.unit, min(u.unit_offset) AS unit_offset,
       CASE WHEN max(CASE WHEN t.differs THEN 1 ELSE 0 END) = 1 THEN 'id_twice_differs' ELSE 'repeated' END AS rule
FROM unit AS u
JOIN (SELECT file_no, unit_key, min(unit) AS first_unit, min(unit_hash) <> max(unit_hash) AS differs
      FROM unit
      WHERE unit_key IN (SELECT unit_key FROM unit GROUP BY unit_key HAVING count(*) > 1) -- few: counting alone takes half the time
      GROUP BY file_no, unit_key
      HAVING min(unit) <> max(unit)) AS t
  ON t.file_no = u.file_no AND t.unit_key = u.unit_key
WHERE t.differs OR u.unit <> t.first_unit
GROUP BY u.file_no, u.unit
