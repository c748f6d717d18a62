-- What the rules about patient status look at: each person who may be shown, with each clinic that has given a dose or is responsible.
-- A person without a clinic has one row.
WITH person AS (
    SELECT * FROM client
    WHERE client_id NOT IN (SELECT client_id FROM restricted)
        AND client_id IN (SELECT client_id FROM status_person)
), version AS (
    SELECT l.client_id, r.record_id, r.sender, r.state, r.status, r.withdrawn, r.sender_time,
        coalesce(r.status_on, r.dated_on, CAST(r.sender_time AS DATE)) AS word_on,
        row_number() OVER (PARTITION BY r.record_id
            ORDER BY r.sender_time DESC NULLS LAST, r.snapshot DESC, r.batch_id DESC, r.line DESC) AS place
    FROM client_record AS r
    JOIN client_link AS l ON l.record_id = r.record_id
    JOIN person AS p ON p.client_id = l.client_id
), report AS (
    SELECT v.client_id, coalesce(m.becomes, v.sender) AS provider, v.status AS word, v.word_on, v.state,
        row_number() OVER (PARTITION BY v.client_id, coalesce(m.becomes, v.sender)
            ORDER BY v.word_on DESC NULLS LAST, v.sender_time DESC NULLS LAST, v.record_id) AS place
    FROM version AS v
    LEFT JOIN provider_now AS m ON m.provider = v.sender
    WHERE v.place = 1 AND v.status IS NOT NULL AND NOT v.withdrawn
), visit AS (
    SELECT i.client_id, i.provider, min(i.administered_on) AS first_on, max(i.administered_on) AS last_on
    FROM immunization AS i
    JOIN person AS p ON p.client_id = i.client_id
    WHERE i.provider IS NOT NULL
    GROUP BY i.client_id, i.provider
), clinic AS (
    SELECT client_id, provider FROM visit
    UNION
    SELECT client_id, provider FROM person WHERE provider IS NOT NULL
), later AS (
    SELECT here.client_id, here.provider, min(i.administered_on) AS next_on
    FROM visit AS here
    JOIN person AS p ON p.client_id = here.client_id AND p.provider <> here.provider
    JOIN immunization AS i ON i.client_id = here.client_id AND i.provider = p.provider
        AND i.administered_on > here.last_on
    GROUP BY here.client_id, here.provider
), source AS (
    SELECT p.client_id, coalesce(m.becomes, v.sender) AS address_from
    FROM person AS p
    JOIN version AS v ON v.record_id = p.address_source AND v.place = 1
    LEFT JOIN provider_now AS m ON m.provider = v.sender
), left_state AS (
    SELECT DISTINCT client_id FROM report WHERE word = 'M' AND upper(state) <> upper($home_state)
)
SELECT p.client_id, p.status, p.deceased_on, p.state, p.address_flag, p.region, s.address_from,
    p.provider AS responsible, g.client_id IS NOT NULL AS left_state,
    CASE WHEN j.status = 'moved' THEN 'outside' WHEN j.status = 'inactive' THEN 'active' ELSE j.status END
        AS before_status,
    j.since AS before_since, j.region AS before_region, j.region_since, j.region_before,
    k.provider, v.first_on, v.last_on, n.next_on, w.word, w.word_on, b.status AS clinic_status, b.since AS clinic_since
FROM person AS p
LEFT JOIN source AS s ON s.client_id = p.client_id
LEFT JOIN left_state AS g ON g.client_id = p.client_id
LEFT JOIN prior_patient_status AS j ON j.client_id = p.client_id AND j.level = 'jurisdiction'
LEFT JOIN clinic AS k ON k.client_id = p.client_id
LEFT JOIN visit AS v ON v.client_id = k.client_id AND v.provider = k.provider
LEFT JOIN later AS n ON n.client_id = k.client_id AND n.provider = k.provider
LEFT JOIN report AS w ON w.client_id = k.client_id AND w.provider = k.provider AND w.place = 1
LEFT JOIN prior_patient_status AS b ON b.client_id = k.client_id AND b.level = 'provider' AND b.provider = k.provider
ORDER BY p.client_id, k.provider
