-- How many people with an open dose nothing calls tonight, by region and why.
WITH person AS (
    SELECT client_id, max(CASE WHEN calls THEN 1 ELSE 0 END) AS later,
        max(CASE WHEN named AND recommended_on <= add_days($as_of, $horizon_days) THEN 1 ELSE 0 END) AS beside
    FROM open_dose
    WHERE client_id NOT IN (SELECT client_id FROM called)
    GROUP BY client_id
)
SELECT c.region, CASE WHEN s.status IN ('outside', 'deceased') THEN 'inactive'
        WHEN p.later = 1 THEN 'later' WHEN p.beside = 1 THEN 'beside only' ELSE 'other vaccines' END AS why,
    count(*) AS people
FROM person AS p
JOIN client AS c ON c.client_id = p.client_id
LEFT JOIN patient_status AS s ON s.client_id = c.client_id AND s.level = 'jurisdiction'
GROUP BY 1, 2
ORDER BY 1, 2
