-- What the restrictions in force forbid for each person.
SELECT client_id,
    max(CASE WHEN kind = 'opt_out' THEN 1 ELSE 0 END) = 1 AS opted_out,
    max(CASE WHEN kind = 'lock' THEN 1 ELSE 0 END) = 1 AS locked,
    max(CASE WHEN kind = 'no_contact' THEN 1 ELSE 0 END) = 1 AS no_contact,
    max(CASE WHEN kind = 'seal' THEN 1 ELSE 0 END) = 1 AS sealed
FROM restriction_now GROUP BY client_id
