-- Everything the forecaster needs to know about each person, in the order of the people.
-- One row for the person (part 0), then the doses (1), the observations (2) and the refusals (3). People who
-- may appear in no output, and those without a birth date, are left out.
WITH hidden AS (
    SELECT client_id FROM client WHERE opted_out OR locked OR sealed
    UNION
    SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
), person AS (
    SELECT client_id, birth_date, sex, birth_country, deceased_on IS NOT NULL OR status = 'deceased' AS deceased
    FROM client
    WHERE birth_date IS NOT NULL AND client_id NOT IN (SELECT client_id FROM hidden)
        AND client_id IN (SELECT client_id FROM forecast_person)
), said AS (
    SELECT DISTINCT l.client_id, CASE WHEN o.kind = 'refusal' THEN 3 ELSE 2 END AS part,
        CASE WHEN o.kind = 'refusal' THEN coalesce(o.observed_on, CAST(o.sender_time AS DATE)) ELSE o.observed_on END AS day,
        CASE WHEN o.kind = 'refusal' THEN o.cvx ELSE CAST(o.cdsi_code AS SMALLINT) END AS code
    FROM latest_observation AS o
    JOIN client_link AS l ON l.record_id = o.record_id
    WHERE o.action <> 'D' AND (o.kind = 'refusal' AND o.cvx IS NOT NULL OR o.kind <> 'refusal' AND o.cdsi_code IS NOT NULL)
), line AS (
    SELECT client_id, 0 AS part, birth_date AS day, CAST(NULL AS VARCHAR) AS immunization_id, CAST(NULL AS SMALLINT) AS code,
        CAST(NULL AS VARCHAR) AS mvx, CAST(NULL AS VARCHAR) AS trade_name, CAST(NULL AS DATE) AS lot_expiry, deceased AS flag,
        sex, birth_country, CAST(NULL AS VARCHAR) AS provider
    FROM person
    UNION ALL
    SELECT i.client_id, 1, i.administered_on, i.immunization_id, i.cvx, i.mvx, i.trade_name, i.lot_expiry, i.condition IS NOT NULL, NULL, NULL, i.provider
    FROM immunization AS i JOIN person AS p ON p.client_id = i.client_id
    UNION ALL
    SELECT s.client_id, s.part, s.day, NULL, s.code, NULL, NULL, NULL, false, NULL, NULL, NULL
    FROM said AS s JOIN person AS p ON p.client_id = s.client_id
)
SELECT client_id, CAST(part AS SMALLINT) AS part, day, immunization_id, code, mvx, trade_name, lot_expiry, flag, sex, birth_country,
    provider
FROM line
ORDER BY client_id, part, day NULLS FIRST, immunization_id NULLS LAST, code NULLS LAST
