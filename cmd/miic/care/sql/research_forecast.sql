-- What each person needs in each vaccine group, without the days.
SELECT client_id, vaccine_group, kind, status, dose_number, series, refused_on IS NOT NULL AS refused
FROM forecast
