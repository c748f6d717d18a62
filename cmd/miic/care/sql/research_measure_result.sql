-- Who meets which measure, of those whom coverage counts: its figures are counts of these rows.
SELECT client_id, measure, measure_version, met, met_any, met_late, short, two_doses
FROM measure_result
WHERE client_id NOT IN (SELECT client_id FROM not_counted)
