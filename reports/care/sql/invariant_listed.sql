-- People in lists who are not disclosed there tonight, exactly once, and the reverse; and people who may be in none, or are in a list
-- of active patients and are not.
WITH tonight AS (
    SELECT output, client_id, count(*) AS times
    FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure)
        AND (substr(output, 1, 8) = 'clinics/' OR substr(output, 1, 7) = 'states/')
    GROUP BY output, client_id
), person AS (
    SELECT DISTINCT output, folder, file, client_id FROM listed
), hidden AS (
    SELECT client_id FROM client WHERE opted_out OR locked OR sealed OR deceased_on IS NOT NULL OR status = 'deceased'
    UNION
    SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
    UNION
    SELECT client_id FROM death_match
)
SELECT coalesce(p.client_id, d.client_id) AS client_id
FROM person AS p
FULL JOIN tonight AS d ON d.output = p.output AND d.client_id = p.client_id
WHERE p.client_id IS NULL OR d.client_id IS NULL OR d.times <> 1
UNION ALL
SELECT p.client_id FROM person AS p JOIN hidden AS h ON h.client_id = p.client_id
UNION ALL
SELECT p.client_id
FROM person AS p
LEFT JOIN patient_status AS s ON s.client_id = p.client_id AND s.level = 'provider' AND s.provider = p.folder
WHERE p.file IN ('due.csv', 'doses.csv') AND coalesce(s.status, '') <> 'active'
