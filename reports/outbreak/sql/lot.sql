-- Doses of a product with every lot that some report of them has; the dose's own first.
WITH dose AS (
    SELECT i.* FROM immunization AS i
    JOIN client AS c ON c.client_id = i.client_id
    WHERE i.cvx = $cvx AND c.status <> 'deceased' AND c.deceased_on IS NULL
        AND i.client_id NOT IN (SELECT client_id FROM death_match)
        AND i.client_id NOT IN (SELECT client_id FROM dead_since)
), version AS (
    SELECT s.immunization_id, v.event_id, v.action, v.lot, v.lot_other,
        row_number() OVER (PARTITION BY v.event_id
            ORDER BY v.sender_time DESC NULLS LAST, v.snapshot DESC, v.batch_id DESC, v.line DESC) AS place
    FROM vaccination_event AS v
    JOIN immunization_source AS s ON s.event_id = v.event_id
    JOIN dose AS d ON d.immunization_id = s.immunization_id
), reported AS (
    SELECT immunization_id, 1 AS place, lot AS lots FROM dose WHERE lot IS NOT NULL
    UNION
    SELECT immunization_id, 2, lot FROM version WHERE place = 1 AND action = 'A' AND lot IS NOT NULL
    UNION
    SELECT immunization_id, 2, lot_other FROM version WHERE place = 1 AND action = 'A' AND lot_other IS NOT NULL
)
SELECT d.immunization_id, d.client_id, d.administered_on, d.mvx, d.lot_expiry, d.historical, d.provider AS given_at,
    r.lots, coalesce(r.place, 0) AS place, c.first_name, c.last_name, c.birth_date, c.guardian_first, c.guardian_last, c.phone,
    c.address_1, c.address_2, c.city, c.state, c.zip, c.county_fips, c.region, c.provider
FROM dose AS d
JOIN client AS c ON c.client_id = d.client_id
LEFT JOIN reported AS r ON r.immunization_id = d.immunization_id
ORDER BY c.last_name NULLS LAST, c.first_name NULLS LAST, d.client_id, d.administered_on, d.immunization_id, place, r.lots
