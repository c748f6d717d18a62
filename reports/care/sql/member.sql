-- The entries of the lists that are to be answered, with the doses of whoever is found and may be shown.
SELECT e.sender, e.batch_id, k.layout, e.line, e.list_id_1, e.list_id_2, e.list_id_3, e.list_id_4, e.list_id_5, e.list_id_6,
    e.last_name, e.first_name, e.middle_name, e.birth_date, e.sex, e.address_1, e.address_2, e.city, e.state, e.zip,
    e.county_fips, e.medicaid_id, e.covered_from, e.covered_until,
    (e.covered_from IS NULL OR e.covered_from <= $as_of) AND (e.covered_until IS NULL OR e.covered_until >= $as_of) AS covered,
    x.client_id, i.immunization_id, i.administered_on, i.cvx, i.mvx, i.lot, i.historical
FROM roster_entry AS e
JOIN care_list AS k ON k.batch_id = e.batch_id AND k.snapshot = e.snapshot AND k.sender = e.sender
LEFT JOIN care_member AS f ON f.entry_id = e.entry_id
LEFT JOIN shown AS x ON x.client_id = f.client_id
LEFT JOIN immunization AS i ON i.client_id = x.client_id
ORDER BY e.sender, e.batch_id, e.line, i.administered_on, i.immunization_id
