-- Versions of tonight that repeat the one before them, and, as file 0, earlier affirmations that hold no longer.
WITH reported AS (
  SELECT $key AS version_key, sender, sender_time, snapshot, batch_id, line, content_hash, file_no, CAST($tonight AS INTEGER) AS entry_kind
  FROM fresh
  WHERE $key IN (SELECT version_key FROM reported_again)
  UNION ALL
  SELECT $key AS version_key, sender, sender_time, snapshot, batch_id, line, content_hash, CAST(0 AS INTEGER) AS file_no,
      CAST($stored AS INTEGER) AS entry_kind
  FROM $prior
  WHERE $key IN (SELECT version_key FROM reported_again)
  UNION ALL
  SELECT version_key, sender, sender_time, snapshot, batch_id, line, content_hash, CAST(0 AS INTEGER) AS file_no,
      CAST($affirmation AS INTEGER) AS entry_kind
  FROM prior_affirmation
  WHERE log = $log AND version_key IN (SELECT version_key FROM reported_again)
),
ordered AS (
  SELECT t.*,
      lag(t.content_hash) OVER (PARTITION BY t.version_key ORDER BY t.sender_time, t.snapshot, t.batch_id, t.line, t.file_no) AS before,
      row_number() OVER (PARTITION BY t.version_key, t.sender_time, t.content_hash ORDER BY t.snapshot, t.batch_id, t.line, t.file_no) AS time_no,
      max(CASE WHEN t.entry_kind = $stored THEN 1 ELSE 0 END) OVER (PARTITION BY t.version_key, t.sender_time, t.content_hash) AS stored
  FROM reported AS t
)
-- A version also repeats one of the same time and content. An affirmation holds no longer where a version that came late
-- has another content and lies between it and what it repeated.
SELECT version_key, sender, batch_id, line, sender_time, content_hash, file_no, time_no
FROM ordered
WHERE entry_kind = $tonight AND (content_hash = before OR time_no > 1)
   OR entry_kind = $affirmation AND content_hash <> before AND stored = 0
