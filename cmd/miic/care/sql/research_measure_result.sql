-- Who meets which measure of coverage.
SELECT client_id, measure, measure_version, met, met_any, met_late, short, two_doses
FROM measure_result
