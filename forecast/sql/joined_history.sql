-- What the forecaster needs to know of each person in doubt, with what whoever may be the same person brings.
WITH person AS (
    SELECT p.pair, p.client_id, p.other_id, c.birth_date, c.sex, c.birth_country
    FROM joined_pair AS p
    JOIN client AS c ON c.client_id = p.client_id
    JOIN client AS o ON o.client_id = p.other_id
    WHERE c.birth_date IS NOT NULL AND c.deceased_on IS NULL AND c.status <> 'deceased'
        AND NOT (c.opted_out OR c.locked OR c.sealed OR o.opted_out OR o.locked OR o.sealed)
), said AS (
    SELECT DISTINCT p.pair, CASE WHEN o.kind = 'refusal' THEN 3 ELSE 2 END AS part,
        CASE WHEN o.kind = 'refusal' THEN coalesce(o.observed_on, CAST(o.sender_time AS DATE)) ELSE o.observed_on END AS day,
        CASE WHEN o.kind = 'refusal' THEN o.cvx ELSE CAST(o.cdsi_code AS SMALLINT) END AS code
    FROM person AS p
    JOIN client_link AS l ON l.client_id = p.client_id OR l.client_id = p.other_id
    JOIN latest_observation AS o ON o.record_id = l.record_id
    WHERE o.action <> 'D' AND (o.kind = 'refusal' AND o.cvx IS NOT NULL OR o.kind <> 'refusal' AND o.cdsi_code IS NOT NULL)
), line AS (
    SELECT pair, 0 AS part, birth_date AS day, CAST(NULL AS VARCHAR) AS immunization_id, CAST(NULL AS SMALLINT) AS code,
        CAST(NULL AS VARCHAR) AS mvx, CAST(NULL AS VARCHAR) AS trade_name, CAST(NULL AS DATE) AS lot_expiry, false AS flag,
        sex, birth_country
    FROM person
    UNION ALL
    SELECT p.pair, 1, d.administered_on, d.immunization_id, d.cvx, d.mvx, d.trade_name, d.lot_expiry,
        d.condition IS NOT NULL, NULL, NULL
    FROM person AS p
    JOIN joined_dose AS d
        ON d.client_id = least(p.client_id, p.other_id) AND d.other_id = greatest(p.client_id, p.other_id)
    UNION ALL
    SELECT pair, part, day, NULL, code, NULL, NULL, NULL, false, NULL, NULL FROM said
)
SELECT pair AS client_id, CAST(part AS SMALLINT) AS part, day, immunization_id, code, mvx, trade_name, lot_expiry, flag, sex,
    birth_country, CAST(NULL AS VARCHAR) AS provider
FROM line
ORDER BY pair, part, day NULLS FIRST, immunization_id NULLS LAST, code NULLS LAST
