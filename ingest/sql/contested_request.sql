-- Tonight's requests and the earlier ones of their numbers (file 0), also of those that were kept under a further id (~02).
WITH tonight AS (
  SELECT q.request_id, q.first_name, q.last_name, q.birth_date, q.file_no, q.unit, q.sender_time
  FROM staged_request AS q
  LEFT JOIN dropped_unit AS d ON d.file_no = q.file_no AND d.unit = q.unit
  WHERE d.unit IS NULL
),
before AS (
  SELECT p.request_id, p.first_name, p.last_name, p.birth_date, p.sender_time,
      CASE WHEN length(p.request_id) > 3 AND substr(p.request_id, length(p.request_id) - 2, 1) = '~'
           THEN substr(p.request_id, 1, length(p.request_id) - 3) ELSE p.request_id END AS given_id
  FROM prior_request AS p
)
SELECT request_id AS given_id, request_id, first_name, last_name, birth_date, file_no, unit, sender_time
FROM tonight
UNION ALL
SELECT given_id, request_id, first_name, last_name, birth_date, CAST(0 AS INTEGER) AS file_no, CAST(0 AS BIGINT) AS unit, sender_time
FROM before
WHERE given_id IN (SELECT request_id FROM tonight)
ORDER BY given_id, file_no, sender_time, unit, request_id
