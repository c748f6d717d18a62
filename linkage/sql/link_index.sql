SELECT
    $rid AS rid, s.record_id, s.content_hash, s.sender_kind, s.dirty,
    s.first, s.first_code, s.last, s.last_code, s.birth_iso, s.city, s.zip, s.birth_order, s.multiple, s.birth_cert,
    s.key_00, s.key_01, s.key_02, s.key_03, s.key_04, s.key_05, s.key_06, s.key_07, s.key_08, s.key_09,
    s.key_10, s.key_11, s.key_12, s.key_13, s.key_14, s.key_15, s.key_16, s.key_17, s.key_18, s.key_19,
    s.key_20, s.key_21, s.key_22, s.key_23
FROM standard_now AS s
WHERE NOT s.withdrawn
