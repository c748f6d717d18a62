-- The number that a clinic gave each of its patients last.
SELECT client_id, provider, chart FROM (
    SELECT l.client_id, coalesce(m.becomes, r.sender) AS provider, r.source_client_id AS chart,
        row_number() OVER (PARTITION BY l.client_id, coalesce(m.becomes, r.sender)
            ORDER BY r.sender_time DESC NULLS LAST, r.snapshot DESC, r.source_client_id) AS place
    FROM client_record AS r
    JOIN client_link AS l ON l.record_id = r.record_id
    LEFT JOIN provider_now AS m ON m.provider = r.sender
    JOIN care_patient AS p ON p.client_id = l.client_id AND p.provider = coalesce(m.becomes, r.sender)
    WHERE NOT r.withdrawn
) AS numbered
WHERE place = 1
