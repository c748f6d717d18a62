-- How good deliveries were.
SELECT batch_id, snapshot, sender, layout, received_on, measure, item, numerator, denominator FROM delivery_figure
