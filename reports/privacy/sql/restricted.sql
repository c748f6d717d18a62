-- People who appear in no output: by their own flags or by any restriction, settled or merely possible.
SELECT client_id FROM client WHERE opted_out OR locked OR sealed
UNION
SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
