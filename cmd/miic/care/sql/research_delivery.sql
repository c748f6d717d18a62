-- Deliveries, without the names of their files.
SELECT batch_id, snapshot, sender, sender_kind, layout, received_on, units_read, accepted, rejected, held, status FROM batch
