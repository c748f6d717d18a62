-- The events of people whose doses this night has changed that report two doses, of whomever.
SELECT 1 AS breach
FROM immunization_source
WHERE event_id IN (
    SELECT event_id FROM immunization_source WHERE client_id IN (SELECT client_id FROM changed_immunization_source)
)
GROUP BY event_id
HAVING count(*) > 1
