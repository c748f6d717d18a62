-- The records that a rewritten delivery may have changed.
SELECT DISTINCT record_id FROM (
    SELECT record_id FROM (
        SELECT record_id, sender_time, snapshot, batch_id, line, content_hash FROM tonight_client_record
        EXCEPT SELECT record_id, sender_time, snapshot, batch_id, line, content_hash FROM gone_client_record
        UNION ALL
        (SELECT record_id, sender_time, snapshot, batch_id, line, content_hash FROM gone_client_record
        EXCEPT SELECT record_id, sender_time, snapshot, batch_id, line, content_hash FROM tonight_client_record)
    ) AS record
    UNION ALL
    SELECT version_key FROM gone_affirmation WHERE log = 'client_record' AND dated_on IS NOT NULL
    UNION ALL
    SELECT record_id FROM changed_event
    UNION ALL
    SELECT e.record_id FROM vaccination_event AS e JOIN changed_event AS t ON t.event_id = e.event_id
    UNION ALL
    SELECT record_id FROM gone_notice_result WHERE record_id IS NOT NULL
    UNION ALL
    SELECT record_id FROM tonight_notice_result WHERE record_id IS NOT NULL
) AS touched
