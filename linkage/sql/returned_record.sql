-- The first record of each restricted person whom somebody may be.
SELECT a.client_id, a.record_id, a.content_hash
FROM restricted_record AS a
JOIN (
    SELECT client_id, min(record_id) AS first FROM restricted_record
    WHERE substr(record_id, 1, 8) <> 'request:' GROUP BY client_id
) AS f ON f.client_id = a.client_id AND f.first = a.record_id
WHERE a.client_id IN (SELECT restricted FROM returned_client)
