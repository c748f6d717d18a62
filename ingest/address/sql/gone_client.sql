-- People whose address by the night before is one that tonight's answers say is not theirs any more, with a record of theirs.
SELECT g.address_id, g.batch_id, c.client_id,
    coalesce(min(CASE WHEN l.record_id = c.address_source THEN l.record_id END), min(l.record_id)) AS record_id
FROM gone_address AS g
JOIN prior_client AS c ON c.address_1 = g.address_1 AND c.zip = g.zip AND coalesce(c.address_2, '') = g.address_2
    AND coalesce(c.city, '') = g.city AND coalesce(c.state, '') = g.state
    AND coalesce(nullif(c.guardian_last, ''), c.last_name, '') = g.surname
JOIN prior_client_link AS l ON l.client_id = c.client_id
GROUP BY g.address_id, g.batch_id, c.client_id
ORDER BY g.address_id, g.batch_id, c.client_id
