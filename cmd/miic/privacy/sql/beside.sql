-- A request and the people whom it may be about, one under the other.
SELECT CAST(NULL AS BIGINT) AS client_id, q.first_name, q.last_name, q.birth_date, CAST(NULL AS VARCHAR) AS sex,
    q.address_1, q.city, q.zip, CAST(NULL AS VARCHAR) AS phone
FROM latest_request AS q
WHERE q.request_id = $request
UNION ALL
SELECT c.client_id, c.first_name, c.last_name, c.birth_date, c.sex, c.address_1, c.city, c.zip, c.phone
FROM client AS c
WHERE c.client_id IN (SELECT client_id FROM restriction WHERE source_id = $request)
ORDER BY client_id NULLS FIRST
