-- Versions of events that came or went because a delivery was taken out.
SELECT event_id, record_id, sender_time, snapshot, batch_id, line, content_hash FROM tonight_vaccination_event
EXCEPT SELECT event_id, record_id, sender_time, snapshot, batch_id, line, content_hash FROM gone_vaccination_event
UNION ALL
(SELECT event_id, record_id, sender_time, snapshot, batch_id, line, content_hash FROM gone_vaccination_event
EXCEPT SELECT event_id, record_id, sender_time, snapshot, batch_id, line, content_hash FROM tonight_vaccination_event)
