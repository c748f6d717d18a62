-- Units of dose and comment files whose client no record of the sender knows, or which say one number of several people.
-- A number without a namespace is everybody's of whom the sender has not said it, else that of the only organisation.
WITH known AS (
  SELECT sender, source_client_id, count(*) FILTER (WHERE namespace <> '') AS organisations, count(*) FILTER (WHERE namespace = '') AS unsaid
  FROM known_client
  GROUP BY sender, source_client_id
),
unknown AS (
  SELECT c.file_no, c.sender, c.source_client_id, c.namespace,
      CASE WHEN c.namespace = '' AND k.organisations > 1 THEN 'client_ambiguous' ELSE 'client_unknown' END AS rule
  FROM dose_client AS c
  LEFT JOIN known AS k ON k.sender = c.sender AND k.source_client_id = c.source_client_id
  LEFT JOIN known_client AS own ON own.sender = c.sender AND own.source_client_id = c.source_client_id AND own.namespace = c.namespace
  WHERE k.sender IS NULL
     OR k.unsaid = 0 AND CASE WHEN c.namespace = '' THEN k.organisations > 1 ELSE own.sender IS NULL END
)
SELECT e.file_no, e.unit, min(e.unit_offset) AS unit_offset, min(u.rule) AS rule
FROM (SELECT sender, source_client_id, client_namespace, file_no, unit, unit_offset, unit_key FROM staged_event
      UNION ALL
      SELECT sender, source_client_id, client_namespace, file_no, unit, unit_offset, unit_key FROM staged_observation) AS e
LEFT JOIN spelling AS s ON s.sender = e.sender AND s.spelling = e.client_namespace
JOIN unknown AS u ON u.file_no = e.file_no AND u.sender = e.sender AND u.source_client_id = e.source_client_id AND u.namespace = coalesce(s.namespace, '')
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.unit_key <> 0 AND d.unit IS NULL
GROUP BY e.file_no, e.unit
