-- Who meets which measure on the night.
SELECT p.person, r.measure, r.measure_version, r.met, r.met_any, r.met_late, r.short, r.two_doses
FROM measure_result AS r JOIN extract_person AS p ON p.client_id = r.client_id
