-- The files of answers that earlier nights have taken in.
SELECT DISTINCT batch_id FROM prior_address_answer
