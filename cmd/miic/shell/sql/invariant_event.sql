-- The events that report two doses.
SELECT 1 AS breach FROM immunization_source GROUP BY event_id HAVING count(*) > 1
