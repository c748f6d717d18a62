-- Tonight's results of notices, with the notice, where it went, and a record of whoever it was written to.
WITH asked AS (
    SELECT n.notice_id, min(n.client_id) AS client_id, min(n.address_1) AS address_1, min(n.zip) AS zip,
        min(n.phone) AS phone
    FROM prior_notice AS n
    WHERE n.notice_id IN (SELECT notice_id FROM staged_result)
    GROUP BY n.notice_id
), person AS (
    SELECT a.notice_id, coalesce(s.now_id, a.client_id) AS now_id
    FROM asked AS a
    LEFT JOIN survivor AS s ON s.client_id = a.client_id
), known AS (
    SELECT p.notice_id, coalesce(min(CASE WHEN l.record_id = c.address_source THEN l.record_id END), min(l.record_id)) AS record_id
    FROM person AS p
    JOIN prior_client_link AS l ON l.client_id = p.now_id
    LEFT JOIN prior_client AS c ON c.client_id = p.now_id
    GROUP BY p.notice_id
)
SELECT r.result_id, r.notice_id, a.client_id, k.record_id, r.sender, r.snapshot, r.batch_id, r.line, r.sender_time, r.code, r.happened_on,
    a.address_1 AS sent_to_address_1, a.zip AS sent_to_zip, a.phone AS sent_to_phone,
    r.address_1, r.address_2, r.city, r.state, r.zip, r.content_hash,
    r.file_no, r.unit, r.unit_offset, r.unit_key, r.unit_hash
FROM staged_result AS r
LEFT JOIN asked AS a ON a.notice_id = r.notice_id
LEFT JOIN known AS k ON k.notice_id = r.notice_id
