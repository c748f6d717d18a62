-- Where and with whom those live who get a notice tonight or are of a household already, as far as they may be shown.
SELECT c.client_id, c.birth_date, c.address_1, c.zip, c.guardian_first, c.guardian_last, c.guardian_role, c.phone,
    c.contact, h.household_id, h.since_snapshot
FROM client AS c
LEFT JOIN prior_household AS h ON h.client_id = c.client_id
WHERE (h.client_id IS NOT NULL OR c.client_id IN (SELECT client_id FROM written))
    AND c.client_id NOT IN (SELECT client_id FROM restricted)
ORDER BY c.client_id
