-- All versions of the events that are audited.
SELECT * FROM vaccination_event WHERE event_id IN (SELECT event_id FROM audited_source)
