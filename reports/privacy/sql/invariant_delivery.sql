-- Tonight's deliveries that are not noted by the hash of their bytes, and requests and deaths of no delivery.
SELECT batch_id AS breach
FROM batch
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_batch)
    AND status IN ('loaded', 'empty', 'duplicate')
    AND (length(sha256) <> 64 OR substr(sha256, 1, 16) <> batch_id)
UNION ALL
SELECT batch_id
FROM request
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_request)
    AND batch_id NOT IN (SELECT batch_id FROM batch)
UNION ALL
SELECT batch_id
FROM death
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_death)
    AND batch_id NOT IN (SELECT batch_id FROM batch)
