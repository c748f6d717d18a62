-- The kind of sender of each batch, and when it was received.
SELECT batch_id, min(sender_kind) AS sender_kind, min(received_on) AS received_on FROM batch GROUP BY batch_id
