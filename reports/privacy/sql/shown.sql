-- Who may be on a list: nobody who appears in no output, has died, or may have.
SELECT client_id FROM client
WHERE status <> 'deceased' AND deceased_on IS NULL
    AND client_id NOT IN (SELECT client_id FROM restricted)
    AND client_id NOT IN (SELECT client_id FROM death_match)
