-- Tonight's doses that their own id may not identify, because another dose has it too, and those that had it before (file 0).
-- Another dose is one of another record or namespace, or one of another day and product at the same moment.
WITH own AS (
  SELECT e.file_no, e.unit, e.line, e.unit_offset, e.event_id, e.administered_on, e.cvx, e.key_hash, e.sender_time, e.sender,
         coalesce(s.namespace, '') AS namespace, coalesce(c.namespace, '') AS client_namespace,
         CASE WHEN g.generation > 1 THEN substr(e.record_id, 1, length(e.record_id) - 1) || CAST(g.generation AS VARCHAR) ELSE e.record_id END AS record_id,
         e.sender || '/i' || CAST(e.content_key AS VARCHAR) || CASE WHEN g.generation > 1 THEN '~' || CAST(g.generation AS VARCHAR) ELSE '' END AS content_id
  FROM staged_event AS e
  LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
  LEFT JOIN dose_generation AS g ON g.file_no = e.file_no AND g.line = e.line
  LEFT JOIN spelling AS s ON s.sender = e.sender AND s.spelling = e.namespace
  LEFT JOIN spelling AS c ON c.sender = e.sender AND c.spelling = e.client_namespace
  WHERE e.own_id AND d.unit IS NULL
),
before AS (
  SELECT p.event_id, p.record_id, p.administered_on, p.cvx, p.sender_time, p.sender, coalesce(s.namespace, '') AS namespace
  FROM prior_vaccination_event AS p
  LEFT JOIN spelling AS s ON s.sender = p.sender AND s.spelling = p.namespace
  WHERE p.event_id IN (SELECT event_id FROM own)
),
contested AS (
  SELECT o.event_id FROM own AS o JOIN repeated_dose_id AS t ON t.key_hash = o.key_hash
  GROUP BY o.event_id HAVING min(o.record_id) <> max(o.record_id) OR min(o.namespace) <> max(o.namespace)
  UNION
  SELECT o.event_id FROM own AS o JOIN repeated_dose_id AS t ON t.key_hash = o.key_hash
  GROUP BY o.event_id, o.sender_time HAVING min(o.administered_on) <> max(o.administered_on) AND min(o.cvx) <> max(o.cvx)
  UNION
  SELECT o.event_id FROM own AS o JOIN before AS b ON b.event_id = o.event_id
  WHERE b.record_id <> o.record_id OR b.namespace <> o.namespace
)
SELECT event_id, record_id, namespace, client_namespace, administered_on, cvx, sender_time, file_no, unit, line, unit_offset, content_id, event_id AS given_id
FROM own
WHERE event_id IN (SELECT event_id FROM contested)
UNION ALL
SELECT event_id, record_id, namespace, '' AS client_namespace, administered_on, cvx, sender_time, CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit,
    CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS unit_offset, '' AS content_id, event_id AS given_id
FROM before
WHERE event_id IN (SELECT event_id FROM contested)
UNION ALL
SELECT p.event_id, p.record_id, o.namespace, '' AS client_namespace, p.administered_on, p.cvx, p.sender_time, CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit,
    CAST(0 AS BIGINT) AS line, CAST(0 AS BIGINT) AS unit_offset, '' AS content_id, o.event_id AS given_id
FROM (SELECT DISTINCT event_id, namespace FROM own WHERE namespace <> '' AND event_id IN (SELECT event_id FROM contested)) AS o
JOIN prior_vaccination_event AS p ON p.event_id = o.event_id || '^' || o.namespace
ORDER BY given_id, file_no, sender_time, unit, line, event_id, record_id
