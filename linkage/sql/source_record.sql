-- The newest version of each record, as standardising reads it, in the order of record ids.
SELECT r.record_id, r.sender, b.sender_kind, r.withdrawn, r.first_name, r.middle_name, r.last_name, r.suffix, r.aliases,
    r.mother_first, r.mother_maiden,
    r.guardian_first, r.guardian_last, r.guardian_role, r.birth_date, r.birth_order, r.multiple_birth, r.sex,
    r.address_1, r.city, r.zip, r.phone, r.phone_2,
    CASE WHEN s.sender IS NOT NULL THEN r.namespace END AS namespace, r.email, r.chart_number, r.ssn, r.medicaid_id, r.birth_certificate_no, d.doses, d.given
FROM newest_record AS r
LEFT JOIN (SELECT sender FROM client_record WHERE namespace IS NOT NULL GROUP BY sender HAVING min(upper(namespace)) <> max(upper(namespace))) AS s ON s.sender = r.sender -- it speaks for several
LEFT JOIN batch_kind AS b ON b.batch_id = r.batch_id
LEFT JOIN record_doses AS d ON d.record_id = r.record_id
ORDER BY r.record_id
