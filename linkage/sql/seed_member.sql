-- The records that clustering starts from: the dirty, their companions, links in doubt, and pairs that a verdict now parts or joins.
SELECT rid FROM link_index WHERE dirty AND sender_kind <> 'request'
UNION
SELECT rid FROM doubted_record
UNION
SELECT rid FROM link_index
WHERE client_id IN (
    SELECT client_id FROM link_index WHERE dirty
    UNION
    SELECT p.client_id FROM prior_client_link AS p
    WHERE p.record_id IN (SELECT record_id FROM touched_record)
        AND NOT EXISTS (SELECT 1 FROM link_index AS x WHERE x.record_id = p.record_id)
)
UNION
SELECT v.rid
FROM (
    SELECT l AS rid, record_l, record_r, decision FROM verdict
    UNION ALL
    SELECT r, record_l, record_r, decision FROM verdict
) AS v
LEFT JOIN prior_client_link AS a ON a.record_id = v.record_l
LEFT JOIN prior_client_link AS b ON b.record_id = v.record_r
WHERE (v.decision = 'same') <> (coalesce(a.client_id, 0) = coalesce(b.client_id, -1))
