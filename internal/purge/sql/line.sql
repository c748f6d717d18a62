-- The lines of deliveries that rows of the purged person came from.
SELECT DISTINCT batch_id, line
FROM (
    SELECT batch_id, line FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT batch_id, line FROM vaccination_event WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT batch_id, line FROM observation WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT batch_id, line FROM death WHERE death_id IN (SELECT id FROM purged_death)
    UNION ALL
    SELECT batch_id, line FROM affirmation
    WHERE version_key IN (SELECT id FROM purged_record UNION ALL SELECT id FROM purged_event)
    UNION ALL
    SELECT q.batch_id, q.line
    FROM request AS q JOIN purged_name AS n ON n.first_name = q.first_name AND n.last_name = q.last_name
        AND n.birth_date = q.birth_date
    UNION ALL
    SELECT q.batch_id, q.line
    FROM roster_entry AS q JOIN purged_name AS n ON n.first_name = q.first_name AND n.last_name = q.last_name
        AND n.birth_date = q.birth_date
) AS l
ORDER BY batch_id, line
