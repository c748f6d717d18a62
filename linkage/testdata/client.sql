SELECT c.client_id, c.first_name, c.middle_name, c.last_name, c.suffix, c.name_source, c.birth_date, c.birth_source, c.birth_order, c.multiple_birth, c.birth_country, c.sex, c.race, c.ethnicity, c.language, c.guardian_first, c.guardian_last, c.guardian_role, c.address_1, c.address_2, c.city, c.state, c.zip, c.county_fips, c.region, c.address_source, c.address_flag, c.phone, c.phone_source, c.provider, c.status, c.deceased_on, c.has_birth_record, c.records, c.contact, coalesce(f.opted_out, false) AS opted_out, coalesce(f.locked, false) AS locked, coalesce(f.no_contact, false) AS no_contact, coalesce(f.sealed, false) AS sealed, w.client_id IS NOT NULL AS in_review, c.since_snapshot
FROM (
SELECT c.* FROM client_tonight AS c
UNION ALL
SELECT p.* FROM prior_client AS p
WHERE NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
    AND EXISTS (SELECT 1 FROM client_link AS l WHERE l.client_id = p.client_id)
) AS c
LEFT JOIN (
SELECT client_id, max(CASE WHEN kind = 'opt_out' THEN 1 ELSE 0 END) = 1 AS opted_out, max(CASE WHEN kind = 'lock' THEN 1 ELSE 0 END) = 1 AS locked,
    max(CASE WHEN kind = 'no_contact' THEN 1 ELSE 0 END) = 1 AS no_contact, max(CASE WHEN kind = 'seal' THEN 1 ELSE 0 END) = 1 AS sealed
FROM restriction_now GROUP BY client_id
) AS f ON f.client_id = c.client_id
LEFT JOIN (
SELECT l.client_id
FROM latest_review_item AS v JOIN client_link AS l ON l.record_id = v.record_l
WHERE v.decision = 'open'
UNION
SELECT l.client_id
FROM latest_review_item AS v JOIN client_link AS l ON l.record_id = v.record_r
WHERE v.decision = 'open'
) AS w ON w.client_id = c.client_id
