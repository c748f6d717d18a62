-- The notices asked about: when each was written, where it went, and a record of whoever it was written to.
-- One that lay in a region's folder open/ went where it lay when it was collected, or where it last lay.
WITH written AS (
    SELECT n.notice_id, min(n.client_id) AS client_id, min(n.issued_on) AS issued_on, min(n.address_1) AS address_1,
        min(n.zip) AS zip, min(n.phone) AS phone
    FROM prior_notice AS n
    WHERE n.notice_id IN (SELECT notice_id FROM asked_notice)
    GROUP BY n.notice_id
), lay AS (
    SELECT o.notice_id, o.address_1, o.zip, o.phone, row_number() OVER (PARTITION BY o.notice_id
        ORDER BY CASE WHEN o.collected_on IS NULL THEN 1 ELSE 0 END, o.since_snapshot DESC) AS place
    FROM prior_open_notice AS o
    WHERE o.notice_id IN (SELECT notice_id FROM asked_notice)
), holder AS (
    SELECT DISTINCT client_id FROM prior_client_link
), person AS (
    SELECT w.notice_id, CASE WHEN h.client_id IS NULL THEN f.now_id ELSE w.client_id END AS now_id
    FROM written AS w
    LEFT JOIN holder AS h ON h.client_id = w.client_id
    LEFT JOIN follower AS f ON f.client_id = w.client_id
), known AS (
    SELECT p.notice_id,
        coalesce(min(CASE WHEN l.record_id = c.address_source THEN l.record_id END), min(l.record_id)) AS record_id
    FROM person AS p
    JOIN prior_client_link AS l ON l.client_id = p.now_id
    LEFT JOIN prior_client AS c ON c.client_id = p.now_id
    GROUP BY p.notice_id
)
SELECT w.notice_id, w.client_id, w.issued_on, k.record_id,
    CASE WHEN o.notice_id IS NULL THEN w.address_1 ELSE o.address_1 END AS address_1,
    CASE WHEN o.notice_id IS NULL THEN w.zip ELSE o.zip END AS zip,
    CASE WHEN o.notice_id IS NULL THEN w.phone ELSE o.phone END AS phone
FROM written AS w
LEFT JOIN lay AS o ON o.notice_id = w.notice_id AND o.place = 1
LEFT JOIN known AS k ON k.notice_id = w.notice_id
