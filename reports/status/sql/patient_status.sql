-- Everyone's status in the jurisdiction and at each clinic that has given them a dose.
-- A status that has not changed keeps the day it began.
WITH person AS (
    SELECT c.client_id, c.provider, c.deceased_on,
        CASE WHEN c.deceased_on IS NOT NULL OR c.status = 'deceased' THEN 'deceased'
             WHEN c.status = 'moved' OR upper(c.state) <> $home_state THEN 'moved'
             WHEN c.status = 'inactive' THEN 'inactive'
             ELSE 'active' END AS status,
        CASE WHEN c.deceased_on IS NOT NULL OR c.status = 'deceased' THEN 'death-reported'
             WHEN c.status = 'moved' THEN 'move-reported'
             WHEN upper(c.state) <> $home_state THEN 'address-outside'
             WHEN c.status = 'inactive' THEN 'inactive-reported'
             ELSE 'in-registry' END AS reason
    FROM client AS c
    WHERE c.client_id NOT IN (SELECT client_id FROM restricted)
        AND c.client_id IN (SELECT client_id FROM status_person)
), visit AS (
    SELECT client_id, provider, min(administered_on) AS first_on, max(administered_on) AS last_on
    FROM immunization
    WHERE provider IS NOT NULL AND client_id IN (SELECT client_id FROM status_person)
    GROUP BY client_id, provider
), clinic AS (
    SELECT client_id, provider FROM visit
    UNION
    SELECT client_id, provider FROM person WHERE provider IS NOT NULL
), current_status AS (
    SELECT client_id, 'jurisdiction' AS level, CAST(NULL AS VARCHAR) AS provider, status, reason, deceased_on AS begun
    FROM person
    UNION ALL
    SELECT p.client_id, 'provider', k.provider,
        CASE WHEN p.status <> 'active' THEN p.status WHEN k.provider = p.provider THEN 'active' ELSE 'moved' END,
        CASE WHEN p.status <> 'active' THEN p.reason
             WHEN k.provider = p.provider THEN 'cares-for'
             ELSE 'cared-for-elsewhere' END,
        CASE WHEN p.status = 'deceased' THEN p.deceased_on
             WHEN p.status <> 'active' THEN NULL
             WHEN k.provider = p.provider THEN here.first_on
             ELSE min(later.administered_on) END
    FROM person AS p
    JOIN clinic AS k ON k.client_id = p.client_id
    LEFT JOIN visit AS here ON here.client_id = k.client_id AND here.provider = k.provider
    LEFT JOIN immunization AS later ON later.client_id = p.client_id AND later.provider = p.provider
        AND later.provider <> k.provider AND later.administered_on > here.last_on
    GROUP BY p.client_id, k.provider, p.status, p.provider, p.reason, p.deceased_on, here.first_on
)
SELECT s.client_id, s.level, s.provider, s.status, s.reason,
    CASE WHEN before.status = s.status THEN coalesce(before.since, s.begun)
         WHEN before.status IS NOT NULL THEN coalesce(s.begun, $as_of)
         ELSE s.begun END AS since
FROM current_status AS s
LEFT JOIN prior_patient_status AS before
    ON before.client_id = s.client_id AND before.level = s.level
    AND coalesce(before.provider, '') = coalesce(s.provider, '')
