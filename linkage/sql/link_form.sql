SELECT i.rid, s.first, s.middle, s.last, s.last_1, s.last_2, s.alias_first, s.alias_last, s.suffix,
    s.mother_first, s.mother_maiden, s.guardian_first, s.guardian_last, s.birth_iso, s.birth_order, s.multiple, s.sex,
    s.street, s.city, s.zip, s.phone, s.phone_2, s.email, s.ssn, s.medicaid_id, s.chart, s.birth_cert, s.sender, s.doses
FROM standard_now AS s
JOIN link_index AS i ON i.record_id = s.record_id$where
