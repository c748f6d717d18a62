-- Which real dose each reported one is, of everybody.
SELECT event_id, immunization_id, client_id FROM immunization_source
