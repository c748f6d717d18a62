-- Which real dose each reported one is, of the people whose doses this night has changed.
SELECT event_id, immunization_id, client_id
FROM immunization_source
WHERE client_id IN (SELECT client_id FROM changed_immunization UNION SELECT client_id FROM changed_immunization_source)
