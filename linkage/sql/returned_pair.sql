-- Records of others that may be a restricted person's, come again: see returned.go for what they must share.
WITH restricted_contact AS (
    SELECT record_id, birth_iso, phone AS contact FROM restricted_fact
    UNION ALL
    SELECT record_id, birth_iso, phone_2 FROM restricted_fact
    UNION ALL
    SELECT record_id, birth_iso, email FROM restricted_fact
), candidate_contact AS (
    SELECT record_id, birth_iso, phone AS contact FROM candidate_fact
    UNION ALL
    SELECT record_id, birth_iso, phone_2 FROM candidate_fact
    UNION ALL
    SELECT record_id, birth_iso, email FROM candidate_fact
), met AS (
    SELECT a.record_id AS record_a, a.birth_iso AS birth_a, b.record_id AS record_b, b.birth_iso AS birth_b,
        'mother' AS shared, true AS same_day
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.birth_iso = a.birth_iso AND b.mother_first = a.mother_first
        AND b.mother_maiden = a.mother_maiden
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'guardian', true
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.birth_iso = a.birth_iso AND b.guardian_first = a.guardian_first
        AND b.guardian_last = a.guardian_last
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'address', true
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.birth_iso = a.birth_iso AND b.street = a.street AND b.zip = a.zip
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'phone or e-mail', true
    FROM restricted_contact AS a
    JOIN candidate_contact AS b ON b.birth_iso = a.birth_iso AND b.contact = a.contact
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'mother and address', false
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.street = a.street AND b.zip = a.zip AND b.mother_first = a.mother_first
        AND b.mother_maiden = a.mother_maiden
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'mother and phone or e-mail', false
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.mother_first = a.mother_first AND b.mother_maiden = a.mother_maiden
    WHERE b.phone = a.phone OR b.phone = a.phone_2 OR b.phone_2 = a.phone OR b.email = a.email
    UNION
    SELECT a.record_id, a.birth_iso, b.record_id, b.birth_iso, 'address and phone or e-mail', false
    FROM restricted_fact AS a
    JOIN candidate_fact AS b ON b.street = a.street AND b.zip = a.zip
    WHERE b.phone = a.phone OR b.phone = a.phone_2 OR b.phone_2 = a.phone OR b.email = a.email
)
SELECT DISTINCT a.client_id AS restricted, b.client_id AS candidate, a.record_id AS record_a, b.record_id AS record_b,
    a.content_hash AS hash_a, b.content_hash AS hash_b, m.shared, m.same_day
FROM met AS m
JOIN restricted_fact AS a ON a.record_id = m.record_a AND a.birth_iso = m.birth_a
JOIN candidate_fact AS b ON b.record_id = m.record_b AND b.birth_iso = m.birth_b
WHERE (a.fresh OR b.fresh)
    -- not when all that is known of the one's sex is against all that is known of the other's
    AND NOT coalesce(a.sex_1 = a.sex_2 AND b.sex_1 = b.sex_2 AND a.sex_1 <> b.sex_1, false)
    AND (m.same_day
        -- a digit, two of one year, or day and month swapped
        OR levenshtein(a.birth_iso, b.birth_iso) = 1
        OR substr(a.birth_iso, 1, 4) = substr(b.birth_iso, 1, 4) AND a.birth_iso <> b.birth_iso
            AND (levenshtein(a.birth_iso, b.birth_iso) = 2
                OR substr(a.birth_iso, 6, 2) = substr(b.birth_iso, 9, 2)
                AND substr(a.birth_iso, 9, 2) = substr(b.birth_iso, 6, 2)))
ORDER BY restricted, candidate, same_day DESC, shared, record_a, record_b
