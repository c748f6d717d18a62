-- Where people are patients, and who lives in the state.
SELECT client_id, level, provider, status, reason, region FROM patient_status WHERE client_id NOT IN (SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal'))
