-- Who is in no view for questions.
SELECT client_id FROM client WHERE opted_out OR locked OR sealed
UNION
SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
