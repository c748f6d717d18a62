-- People in lists who were not disclosed there, exactly once, when the list was written, and the reverse; and people who
-- may be in none, or are in a list of active patients and are not. A list was written tonight, or is carried over from
-- the night of the newest disclosure in it.
WITH person AS (
    SELECT DISTINCT output, folder, file, client_id FROM listed
), written AS (
    SELECT d.output, d.client_id, count(*) AS times
    FROM disclosure AS d
    WHERE (substr(d.output, 1, 8) = 'clinics/' OR substr(d.output, 1, 7) = 'states/'
            OR substr(d.output, 1, 8) = 'schools/')
        AND (d.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure)
            OR d.output IN (SELECT output FROM person))
        AND d.snapshot = (SELECT max(m.snapshot) FROM disclosure AS m WHERE m.output = d.output)
    GROUP BY d.output, d.client_id
), hidden AS (
    SELECT client_id FROM client WHERE opted_out OR locked OR sealed OR deceased_on IS NOT NULL OR status = 'deceased'
    UNION
    SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
    UNION
    SELECT client_id FROM death_match
)
SELECT coalesce(p.client_id, d.client_id) AS client_id
FROM person AS p
FULL JOIN written AS d ON d.output = p.output AND d.client_id = p.client_id
WHERE p.client_id IS NULL OR d.client_id IS NULL OR d.times <> 1
UNION ALL
SELECT p.client_id FROM person AS p JOIN hidden AS h ON h.client_id = p.client_id
UNION ALL
SELECT p.client_id
FROM person AS p
LEFT JOIN patient_status AS s ON s.client_id = p.client_id AND s.level = 'provider' AND s.provider = p.folder
WHERE p.file IN ('due.csv', 'doses.csv', 'assessment.csv') AND coalesce(s.status, '') <> 'active'
