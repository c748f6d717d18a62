-- The names, addresses and phones that records of persons gave at any time, other than the best known, newest first.
WITH reported AS (
    SELECT l.client_id, r.*
    FROM client_record AS r
    JOIN client_link AS l ON l.record_id = r.record_id
    LEFT JOIN (
        SELECT sender, source_client_id, batch_id, line, max(generation) AS went_to
        FROM client_record
        WHERE generation > 1
        GROUP BY sender, source_client_id, batch_id, line
    ) AS p ON p.sender = r.sender AND p.source_client_id = r.source_client_id AND p.batch_id = r.batch_id
        AND p.line = r.line
    WHERE l.client_id IN (SELECT client_id FROM history_client)
        -- what was reported before a record was parted counts for the one that it went to
        AND (p.went_to IS NULL OR p.went_to = r.generation)
), value AS (
    SELECT t.client_id, 'name' AS kind, t.first_name, t.middle_name, t.last_name, t.suffix,
        CAST(NULL AS VARCHAR) AS aliases,
        CAST(NULL AS VARCHAR) AS address_1, CAST(NULL AS VARCHAR) AS address_2, CAST(NULL AS VARCHAR) AS city,
        CAST(NULL AS VARCHAR) AS state, CAST(NULL AS VARCHAR) AS zip,
        CAST(NULL AS VARCHAR) AS phone, t.record_id, t.sender_time
    FROM reported AS t
    JOIN client_now AS c ON c.client_id = t.client_id
    WHERE t.last_name IS NOT NULL
        AND NOT (upper(t.last_name) = coalesce(upper(c.last_name), '')
            AND coalesce(upper(t.first_name), '') = coalesce(upper(c.first_name), '')
            AND coalesce(upper(t.suffix), '') = coalesce(upper(c.suffix), ''))
    UNION ALL
    SELECT client_id, 'name', NULL, NULL, NULL, NULL, aliases, NULL, NULL, NULL, NULL, NULL, NULL, record_id,
        sender_time
    FROM reported
    WHERE aliases IS NOT NULL
    UNION ALL
    SELECT t.client_id, 'address', NULL, NULL, NULL, NULL, NULL, t.address_1, t.address_2, t.city, t.state, t.zip, NULL,
        t.record_id, t.sender_time
    FROM reported AS t
    JOIN client_now AS c ON c.client_id = t.client_id
    WHERE t.address_1 IS NOT NULL
        AND NOT (upper(t.address_1) = coalesce(upper(c.address_1), '') AND coalesce(t.zip, '') = coalesce(c.zip, ''))
    UNION ALL
    SELECT t.client_id, 'phone', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.phone, t.record_id,
        t.sender_time
    FROM reported AS t
    JOIN client_now AS c ON c.client_id = t.client_id
    WHERE t.phone IS NOT NULL AND t.phone <> coalesce(c.phone, '')
    UNION ALL
    SELECT t.client_id, 'phone', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.phone_2, t.record_id,
        t.sender_time
    FROM reported AS t
    JOIN client_now AS c ON c.client_id = t.client_id
    WHERE t.phone_2 IS NOT NULL AND t.phone_2 <> coalesce(c.phone, '')
)
SELECT v.client_id, v.kind, v.first_name, v.middle_name, v.last_name, v.suffix, v.aliases, v.address_1, v.address_2,
    v.city, v.state, v.zip, v.phone,
    v.record_id, v.sender_time, c.first_name AS now_first, c.last_name AS now_last, c.suffix AS now_suffix,
    c.address_1 AS now_street, c.zip AS now_zip, c.phone AS now_phone
FROM value AS v
JOIN client_now AS c ON c.client_id = v.client_id
ORDER BY v.client_id, v.kind, v.sender_time DESC NULLS LAST, v.record_id, v.first_name NULLS LAST,
    v.last_name NULLS LAST, v.aliases NULLS LAST,
    v.address_1 NULLS LAST, v.zip NULLS LAST, v.phone NULLS LAST
