-- The records that tonight's deliveries may have changed.
SELECT DISTINCT record_id FROM (
    SELECT record_id FROM tonight_client_record
    UNION ALL
    SELECT record_id FROM tonight_vaccination_event
    UNION ALL
    SELECT version_key FROM tonight_affirmation WHERE log = 'client_record' AND dated_on IS NOT NULL
    UNION ALL
    SELECT e.record_id FROM vaccination_event AS e JOIN tonight_vaccination_event AS t ON t.event_id = e.event_id
    UNION ALL
    SELECT record_id FROM tonight_notice_result WHERE record_id IS NOT NULL
) AS touched
