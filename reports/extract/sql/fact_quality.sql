-- Figures of deliveries.
SELECT sender AS clinic, received_on, batch_id AS delivery, measure AS figure, item, numerator, denominator FROM delivery_figure WHERE snapshot <= $snapshot
