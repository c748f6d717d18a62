SELECT i.*, coalesce(frequency_first.bits, (3.643856)) AS bits_first
FROM (
SELECT
    CAST(row_number() OVER (ORDER BY s.record_id) AS INTEGER) AS rid,
    s.record_id, s.content_hash, s.sender, s.sender_kind, s.dirty,
    s.first, s.first_root, s.first_code, s.middle, s.last, s.last_1, s.last_2, s.last_code, s.alias_first, s.alias_last, s.suffix,
    s.mother_first, s.mother_maiden, s.guardian_first, s.guardian_last,
    s.birth_iso, s.birth_order, s.multiple, s.sex, s.placeholder,
    CASE WHEN stop_street.value IS NULL THEN s.street END AS street, s.city, s.zip,
    CASE WHEN stop_phone.value IS NULL THEN s.phone END AS phone,
    CASE WHEN stop_phone_2.value IS NULL THEN s.phone_2 END AS phone_2,
    CASE WHEN stop_email.value IS NULL THEN s.email END AS email,
    CASE WHEN stop_ssn.value IS NULL THEN s.ssn END AS ssn,
    CASE WHEN stop_medicaid.value IS NULL THEN s.medicaid_id END AS medicaid_id,
    s.chart, s.birth_cert, split_items(s.doses) AS doses,
    s.key_00, s.key_01, s.key_02, s.key_03, s.key_04, s.key_05, s.key_06, s.key_07, s.key_08, s.key_09,
    s.key_10, s.key_11, s.key_12, s.key_13, s.key_14, s.key_15, s.key_16, s.key_17, s.key_18, s.key_19
FROM standard_now AS s
LEFT JOIN stop_value AS stop_street ON stop_street.field = 'street' AND stop_street.value = s.street
LEFT JOIN stop_value AS stop_phone ON stop_phone.field = 'phone' AND stop_phone.value = s.phone
LEFT JOIN stop_value AS stop_phone_2 ON stop_phone_2.field = 'phone' AND stop_phone_2.value = s.phone_2
LEFT JOIN stop_value AS stop_email ON stop_email.field = 'email' AND stop_email.value = s.email
LEFT JOIN stop_value AS stop_ssn ON stop_ssn.field = 'ssn' AND stop_ssn.value = s.ssn
LEFT JOIN stop_value AS stop_medicaid ON stop_medicaid.field = 'medicaid_id' AND stop_medicaid.value = s.medicaid_id
WHERE NOT s.withdrawn
) AS i
LEFT JOIN frequency AS frequency_first ON frequency_first.comparison = 'first' AND frequency_first.value = i.first
