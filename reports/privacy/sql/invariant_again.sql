-- What a death or request file that came again has changed: rows of its own, or a person named twice by one source.
WITH again AS (
    SELECT batch_id, snapshot FROM batch WHERE status = 'duplicate'
    EXCEPT
    SELECT batch_id, snapshot FROM batch WHERE status = 'loaded'
)
SELECT q.batch_id AS breach FROM request AS q JOIN again AS a ON a.batch_id = q.batch_id AND a.snapshot = q.snapshot
UNION ALL
SELECT d.batch_id FROM death AS d JOIN again AS a ON a.batch_id = d.batch_id AND a.snapshot = d.snapshot
UNION ALL
SELECT source_id FROM restriction GROUP BY client_id, kind, source_id HAVING count(*) > 1
UNION ALL
SELECT death_id FROM death_match GROUP BY client_id, death_id HAVING count(*) > 1
