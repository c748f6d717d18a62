-- The people of whom something that the forecaster reads is not as it was in the parent snapshot.
SELECT client_id FROM changed_client
UNION
SELECT client_id FROM changed_immunization
UNION
SELECT l.client_id FROM client_link AS l WHERE l.record_id IN (SELECT record_id FROM changed_link)
UNION
SELECT p.client_id FROM prior_client_link AS p WHERE p.record_id IN (SELECT record_id FROM changed_link)
UNION
SELECT client_id FROM changed_restriction
UNION
SELECT l.client_id
FROM client_link AS l
JOIN observation AS o ON o.record_id = l.record_id
WHERE o.observation_id IN (SELECT observation_id FROM tonight_observation UNION SELECT observation_id FROM gone_observation)
UNION
SELECT l.client_id FROM client_link AS l WHERE l.record_id IN (SELECT record_id FROM gone_observation)
