-- People whose address by the night before is one that tonight's answers say is not theirs any more, with a record of theirs. So
-- is the address that an answer which counts no more had brought: without it they are at the one that was asked about.
WITH lived AS (
    SELECT g.address_id, g.batch_id, c.client_id, c.address_source
    FROM gone_address AS g
    JOIN prior_client AS c ON c.address_1 = g.address_1 AND c.zip = g.zip AND coalesce(c.address_2, '') = g.address_2
        AND coalesce(c.city, '') = g.city AND coalesce(c.state, '') = g.state
        AND coalesce(nullif(c.guardian_last, ''), c.last_name, '') = g.surname
    UNION
    SELECT g.address_id, g.batch_id, c.client_id, t.record_id
    FROM gone_address AS g
    JOIN taken_out_result AS t ON t.notice_id = 'address-' || g.address_id || '-' || t.client_id
    JOIN prior_client_link AS l ON l.record_id = t.record_id
    JOIN prior_client AS c ON c.client_id = l.client_id AND c.address_1 = t.address_1 AND left(c.zip, 5) = left(t.zip, 5)
)
SELECT v.address_id, v.batch_id, v.client_id,
    coalesce(min(CASE WHEN l.record_id = v.address_source THEN l.record_id END), min(l.record_id)) AS record_id
FROM lived AS v
JOIN prior_client_link AS l ON l.client_id = v.client_id
GROUP BY v.address_id, v.batch_id, v.client_id
ORDER BY v.address_id, v.batch_id, v.client_id
