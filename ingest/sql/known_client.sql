-- The clients of tonight's dose and comment files that their senders have reported.
SELECT sender, source_client_id, min(birth_date) AS birth_date
FROM (SELECT c.sender, c.source_client_id, c.birth_date
      FROM staged_client AS c
      LEFT JOIN dropped_unit AS d ON d.file_no = c.file_no AND d.unit = c.unit
      WHERE (d.unit IS NULL OR d.rule = 'repeated') AND c.sender IN (SELECT sender FROM dose_client)
      UNION ALL
      SELECT p.sender, p.source_client_id, p.birth_date
      FROM prior_client_record AS p
      WHERE p.sender IN (SELECT sender FROM dose_client) AND p.source_client_id IN (SELECT source_client_id FROM dose_client)) AS reported
GROUP BY sender, source_client_id
