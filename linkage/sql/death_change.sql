-- The persons whose death became sure, ceased to be sure, or got another day.
SELECT DISTINCT client_id FROM (
    SELECT n.client_id
    FROM death_now AS n
    LEFT JOIN prior_death_match AS p ON p.client_id = n.client_id AND p.death_id = n.death_id
        AND p.basis <> 'possible'
        AND coalesce(p.deceased_on = n.deceased_on, p.deceased_on IS NULL AND n.deceased_on IS NULL)
    WHERE n.basis <> 'possible' AND p.client_id IS NULL
    UNION ALL
    SELECT p.client_id
    FROM prior_death_match AS p
    LEFT JOIN death_now AS n ON n.client_id = p.client_id AND n.death_id = p.death_id AND n.basis <> 'possible'
    WHERE p.basis <> 'possible' AND n.client_id IS NULL
) AS changed
