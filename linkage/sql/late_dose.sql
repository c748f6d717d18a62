-- The deaths after whose day a dose was given to the person.
SELECT DISTINCT d.death_id
FROM death_now AS d
JOIN immunization AS i ON i.client_id = d.client_id AND i.administered_on > d.deceased_on AND NOT i.historical
WHERE d.basis <> 'possible'
ORDER BY d.death_id
