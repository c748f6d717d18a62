-- The records of people without an opt-out or lock, of whom one is new or changed, or has to meet a new restricted one.
WITH free AS (
    SELECT l.client_id, s.record_id, s.content_hash, s.birth_iso, s.sex, s.mother_first, s.mother_maiden,
        s.guardian_first, s.guardian_last, s.street, s.zip, s.phone, s.phone_2, s.email,
        $full OR s.dirty OR was.client_id IS NOT NULL AS fresh
    FROM standard_now AS s
    JOIN client_link AS l ON l.record_id = s.record_id
    LEFT JOIN prior_client_link AS p ON p.record_id = s.record_id
    LEFT JOIN prior_restricted AS was ON was.client_id = p.client_id
    LEFT JOIN restricted_client AS r ON r.client_id = l.client_id
    WHERE r.client_id IS NULL
)
SELECT * FROM free
WHERE client_id IN (
    SELECT client_id FROM free
    WHERE fresh
        OR birth_iso IN (SELECT birth_iso FROM restricted_fact WHERE fresh)
        OR street IN (SELECT street FROM restricted_fact WHERE fresh AND street IS NOT NULL)
        OR mother_maiden IN (SELECT mother_maiden FROM restricted_fact WHERE fresh AND mother_maiden IS NOT NULL)
)
