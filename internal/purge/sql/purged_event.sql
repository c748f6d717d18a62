-- The reported doses and observations of the purged records, and certificates as questions name them.
SELECT event_id AS id FROM vaccination_event WHERE record_id IN (SELECT id FROM purged_record)
UNION
SELECT observation_id FROM observation WHERE record_id IN (SELECT id FROM purged_record)
UNION
SELECT 'death:' || id FROM purged_death
UNION
SELECT id FROM purged_death
