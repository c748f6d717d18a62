-- Records of the dead, the restricted, the re-used and the contradicted: nothing is decided by machine of their persons.
SELECT rid FROM link_index
WHERE client_id IN (SELECT client_id FROM prior_restriction UNION SELECT client_id FROM prior_death_match)
UNION
SELECT i.rid FROM newest_record AS r JOIN link_index AS i ON i.record_id = r.record_id
WHERE r.share = 'refused' OR r.contact = 'none' OR r.status = 'P' OR r.deceased_on IS NOT NULL
UNION
SELECT i.rid FROM latest_review_item AS v JOIN link_index AS i ON i.record_id = v.record_l
WHERE v.decision = 'open' AND v.evidence_hash LIKE $turns
UNION
SELECT i.rid
FROM (
    SELECT sender, source_client_id FROM client_record GROUP BY sender, source_client_id
    HAVING max(generation) > 1 OR min(birth_date) <> max(birth_date) OR min(sex) <> max(sex)
) AS n
JOIN client_record AS r ON r.sender = n.sender AND r.source_client_id = n.source_client_id
JOIN link_index AS i ON i.record_id = r.record_id
WHERE r.sender NOT IN (SELECT sender FROM batch WHERE sender_kind = 'vital_records')
