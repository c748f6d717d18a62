-- People who live in the areas asked about, or are on the roster; nobody who has died, or may have.
SELECT c.client_id
FROM client AS c
WHERE c.status <> 'deceased' AND c.deceased_on IS NULL
    AND c.client_id NOT IN (SELECT client_id FROM death_match)
    AND c.client_id NOT IN (SELECT client_id FROM dead_since)
    AND (c.client_id IN (SELECT client_id FROM asked_person)
        OR c.client_id IN (
            SELECT s.client_id FROM patient_status AS s
            WHERE s.level = 'jurisdiction' AND s.status NOT IN ('outside', 'moved', 'deceased')
        ) AND EXISTS (
            SELECT 1 FROM asked_area AS a
            WHERE a.county_fips = c.county_fips OR a.region = c.region OR a.zip = substr(c.zip, 1, 5)
        ))
