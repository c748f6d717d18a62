-- The clients of tonight's dose and comment files that their senders have reported, by number and namespace.
SELECT r.sender, r.source_client_id, coalesce(s.namespace, '') AS namespace
FROM (SELECT c.sender, c.source_client_id, c.namespace
      FROM staged_client AS c
      LEFT JOIN dropped_unit AS d ON d.file_no = c.file_no AND d.unit = c.unit
      WHERE (d.unit IS NULL OR d.rule = 'repeated') AND c.sender IN (SELECT sender FROM dose_client)
      UNION
      SELECT p.sender, p.source_client_id, p.namespace
      FROM prior_client_record AS p
      WHERE p.sender IN (SELECT sender FROM dose_client) AND p.source_client_id IN (SELECT source_client_id FROM dose_client)) AS r
LEFT JOIN spelling AS s ON s.sender = r.sender AND s.spelling = r.namespace
GROUP BY r.sender, r.source_client_id, coalesce(s.namespace, '')
