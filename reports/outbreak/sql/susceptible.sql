-- What is known of each person asked about in one vaccine group: valid doses, of several antigens the fewest.
WITH valid AS (
    SELECT e.client_id, e.antigen, count(DISTINCT e.immunization_id) AS doses, max(e.administered_on) AS last_on
    FROM dose_evaluation AS e
    JOIN asked_antigen AS a ON a.antigen = e.antigen
    JOIN asked AS k ON k.client_id = e.client_id
    WHERE e.status = 'Valid'
    GROUP BY e.client_id, e.antigen
), fewest AS (
    SELECT client_id, CASE WHEN count(*) = $antigens THEN min(doses) ELSE 0 END AS valid_doses, max(last_on) AS last_on
    FROM valid
    GROUP BY client_id
), known AS (
    SELECT i.client_id, count(*) AS doses
    FROM immunization AS i
    JOIN asked AS k ON k.client_id = i.client_id
    GROUP BY i.client_id
), need AS (
    SELECT f.client_id, max(CASE WHEN f.status = 'Immune' THEN 1 ELSE 0 END) AS immune,
        min(CASE WHEN f.status = 'Not Complete' THEN f.earliest_on END) AS next_on
    FROM forecast AS f
    JOIN asked AS k ON k.client_id = f.client_id
    WHERE f.vaccine_group = $vaccine_group
    GROUP BY f.client_id
)
SELECT c.client_id, c.first_name, c.last_name, c.birth_date, c.guardian_first, c.guardian_last, c.phone, c.address_1,
    c.address_2, c.city, c.state, c.zip, c.county_fips, c.region, c.provider, CAST(coalesce(d.doses, 0) AS BIGINT) AS doses,
    CAST(coalesce(v.valid_doses, 0) AS BIGINT) AS valid_doses, v.last_on, coalesce(n.immune, 0) = 1 AS immune, n.next_on
FROM asked AS k
JOIN client AS c ON c.client_id = k.client_id
LEFT JOIN fewest AS v ON v.client_id = c.client_id
LEFT JOIN known AS d ON d.client_id = c.client_id
LEFT JOIN need AS n ON n.client_id = c.client_id
ORDER BY c.last_name NULLS LAST, c.first_name NULLS LAST, c.birth_date, c.client_id
