-- What each of tonight's client records is to what its sender reported before: new, same or contested.
-- The same is one that repeats the newest version and is later than all; the timeline of a contested one must be followed.
WITH tonight AS (
  SELECT record_id, count(*) AS versions, min(sender_time) AS first_time, min(content_hash) AS content_hash
  FROM fresh
  GROUP BY record_id
),
prior AS (
  SELECT p.record_id, p.sender_time, p.content_hash,
         row_number() OVER (PARTITION BY p.record_id ORDER BY p.sender_time DESC NULLS LAST, p.snapshot DESC NULLS LAST, p.batch_id DESC NULLS LAST, p.line DESC NULLS LAST) AS place
  FROM prior_client_record AS p
  WHERE p.record_id IN (SELECT record_id FROM tonight)
),
affirmed AS (
  SELECT version_key, max(sender_time) AS last_time
  FROM prior_affirmation
  WHERE log = 'client_record' AND version_key IN (SELECT record_id FROM tonight)
  GROUP BY version_key
)
SELECT t.record_id,
       CASE WHEN t.versions > 1 THEN 'contested'
            WHEN p.record_id IS NULL THEN 'new'
            WHEN t.content_hash = p.content_hash AND t.first_time > p.sender_time AND (a.last_time IS NULL OR t.first_time > a.last_time) THEN 'same'
            ELSE 'contested' END AS standing
FROM tonight AS t
LEFT JOIN prior AS p ON p.record_id = t.record_id AND p.place = 1
LEFT JOIN affirmed AS a ON a.version_key = t.record_id
