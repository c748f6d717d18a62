-- What each person needs in each vaccine group, without the days.
SELECT client_id, vaccine_group, kind, status, dose_number, series, refused_on IS NOT NULL AS refused
FROM forecast WHERE client_id NOT IN (SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal'))
