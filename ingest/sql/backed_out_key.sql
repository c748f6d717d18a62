-- The keys of a log of which the delivery that is taken out reported anything.
SELECT $key AS k FROM $prior WHERE batch_id = $batch
UNION
SELECT version_key FROM prior_affirmation WHERE log = $log AND batch_id = $batch
