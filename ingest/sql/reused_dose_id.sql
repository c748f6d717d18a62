-- Doses of tonight's messages that their own id does not identify: another dose has it too.
-- That is another person's, tonight or before, or at the same moment one of another day and product. An id that was the same
-- person's dose before stays; one that comes with the same date and product has moved with its dose to another record.
WITH own AS (
  SELECT e.file_no, e.unit, e.line, e.unit_offset, e.event_id, e.record_id, e.source_client_id, e.administered_on, e.cvx, e.key_hash, e.sender_time
  FROM staged_event AS e
  LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
  WHERE e.own_id AND e.unit_key = 0 AND d.unit IS NULL
),
shared AS (
  SELECT o.key_hash FROM own AS o JOIN repeated_dose_id AS t ON t.key_hash = o.key_hash
  GROUP BY o.key_hash HAVING min(o.source_client_id) <> max(o.source_client_id)
  UNION
  SELECT o.key_hash FROM own AS o JOIN repeated_dose_id AS t ON t.key_hash = o.key_hash
  GROUP BY o.key_hash, o.sender_time HAVING min(o.administered_on) <> max(o.administered_on) AND min(o.cvx) <> max(o.cvx)
),
before AS (
  SELECT o.file_no, o.line,
         max(CASE WHEN substr(p.record_id, 1, length(o.record_id) - 1) = substr(o.record_id, 1, length(o.record_id) - 1) THEN 1 ELSE 0 END) AS its_own,
         max(CASE WHEN p.administered_on = o.administered_on AND p.cvx = o.cvx THEN 1 ELSE 0 END) AS its_dose
  FROM prior_vaccination_event AS p
  JOIN own AS o ON o.event_id = p.event_id
  GROUP BY o.file_no, o.line
)
SELECT o.file_no, o.unit, o.line, min(o.unit_offset) AS unit_offset
FROM own AS o
LEFT JOIN before AS b ON b.file_no = o.file_no AND b.line = o.line
LEFT JOIN shared AS s ON s.key_hash = o.key_hash
WHERE coalesce(b.its_own, 0) = 0 AND (s.key_hash IS NOT NULL OR b.its_dose = 0)
GROUP BY o.file_no, o.unit, o.line
