-- Tonight's withdrawals, with how often the dose was reported: by tonight's files or before.
SELECT e.file_no, e.unit, e.line AS line_no, min(e.unit_offset) AS unit_offset, count(r.event_id) AS reported
FROM (SELECT e.file_no, e.unit, e.line, e.unit_offset, e.action, coalesce(r.new_id, e.event_id) AS event_id
      FROM staged_event AS e
      LEFT JOIN reused_dose_id AS r ON r.file_no = e.file_no AND r.line = e.line AND r.event_id = e.event_id
      WHERE e.action = 'D') AS e
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
LEFT JOIN (SELECT coalesce(r.new_id, e.event_id) AS event_id
           FROM staged_event AS e
           LEFT JOIN reused_dose_id AS r ON r.file_no = e.file_no AND r.line = e.line AND r.event_id = e.event_id
           WHERE e.action = 'A'
           UNION ALL
           SELECT event_id FROM prior_vaccination_event
           WHERE action = 'A' AND event_id IN (SELECT event_id FROM staged_event WHERE action = 'D'
                                               UNION
                                               SELECT new_id FROM reused_dose_id)) AS r ON r.event_id = e.event_id
WHERE e.action = 'D' AND d.unit IS NULL
GROUP BY e.file_no, e.unit, e.line, e.event_id
