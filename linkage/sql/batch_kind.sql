-- The kind of sender of each batch.
SELECT batch_id, min(sender_kind) AS sender_kind FROM batch GROUP BY batch_id
