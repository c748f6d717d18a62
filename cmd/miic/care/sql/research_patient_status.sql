-- Where people are patients, and who lives in the state.
SELECT client_id, level, provider, status, reason, region FROM patient_status
