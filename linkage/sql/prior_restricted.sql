-- The people who were opted out or locked, surely or possibly, in the parent snapshot.
SELECT DISTINCT client_id FROM prior_restriction WHERE kind IN ('opt_out', 'lock')
