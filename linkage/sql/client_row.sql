-- All that was reported on the records of the affected persons, in the sender's order, as survivorship reads it.
WITH member AS (
    SELECT record_id, client_id FROM client_link WHERE client_id IN (SELECT client_id FROM affected_client)
), parted AS (
    SELECT sender, source_client_id, batch_id, line, max(generation) AS went_to
    FROM client_record
    WHERE generation > 1
    GROUP BY sender, source_client_id, batch_id, line
), given AS (
    SELECT record_id, max(administered_on) AS given_on
    FROM newest_event
    WHERE action = 'A' AND completion IN ('CP', 'PA') AND NOT historical
    GROUP BY record_id
), claim AS (
    SELECT record_id, CAST(sender_time AS DATE) AS updated_on, max(administered_on) AS served_on
    FROM newest_event
    WHERE claim_number IS NOT NULL
    GROUP BY record_id, CAST(sender_time AS DATE)
), entry AS (
    SELECT m.client_id, r.record_id, r.sender, r.batch_id, r.snapshot, r.line, r.sender_time, r.dated_on, r.reported,
        false AS affirmed, r.first_name, r.middle_name, r.last_name, r.suffix, r.guardian_first, r.guardian_last,
        r.guardian_role, r.mother_first, r.mother_last, r.birth_date, r.birth_order, r.multiple_birth, r.birth_country,
        r.sex, r.race, r.ethnicity, r.language, r.address_1, r.address_2, r.city, r.state, r.zip, r.county_fips,
        r.address_flag, r.phone, r.share, r.contact, r.status, r.status_on, r.deceased_on, r.provider
    FROM client_record AS r
    JOIN member AS m ON m.record_id = r.record_id
    LEFT JOIN parted AS p ON p.sender = r.sender AND p.source_client_id = r.source_client_id
        AND p.batch_id = r.batch_id AND p.line = r.line
    -- what was reported before a record was parted counts for the one that it went to
    WHERE p.went_to IS NULL OR p.went_to = r.generation
    UNION ALL
    SELECT m.client_id, a.version_key, a.sender, a.batch_id, a.snapshot, a.line, a.sender_time, a.dated_on, a.reported,
        true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '', NULL, NULL, NULL, NULL
    FROM affirmation AS a
    JOIN member AS m ON m.record_id = a.version_key
    WHERE a.log = 'client_record' AND a.dated_on IS NOT NULL
)
SELECT e.*, b.sender_kind, b.received_on, g.given_on, c.served_on
FROM entry AS e
LEFT JOIN batch_kind AS b ON b.batch_id = e.batch_id
LEFT JOIN given AS g ON g.record_id = e.record_id
LEFT JOIN claim AS c ON c.record_id = e.record_id AND c.updated_on = e.dated_on
ORDER BY e.client_id, e.record_id, e.sender_time, e.snapshot, e.batch_id, e.line, e.affirmed
