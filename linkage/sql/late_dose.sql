SELECT d.death_id, d.client_id, min(e.record_id) AS record_id
FROM death_now AS d
JOIN immunization AS i ON i.client_id = d.client_id AND i.administered_on > d.deceased_on AND NOT i.historical
JOIN vaccination_event AS e ON e.event_id = i.event_id
JOIN client_link AS l ON l.record_id = e.record_id AND l.client_id = d.client_id
WHERE d.basis <> 'possible'
GROUP BY d.death_id, d.client_id
ORDER BY d.death_id, d.client_id
