-- What each record of restricted people has, with each birth date and all sexes of the person.
SELECT DISTINCT a.client_id, a.record_id, a.content_hash, d.birth_iso, p.sex_1, p.sex_2, a.mother_first,
    a.mother_maiden, a.guardian_first, a.guardian_last, a.street, a.zip, a.phone, a.phone_2, a.email,
    a.fresh OR d.fresh AS fresh
FROM restricted_record AS a
JOIN (
    SELECT client_id, birth_iso, max(CASE WHEN fresh THEN 1 ELSE 0 END) = 1 AS fresh
    FROM restricted_record WHERE birth_iso IS NOT NULL GROUP BY client_id, birth_iso
) AS d ON d.client_id = a.client_id
JOIN (SELECT client_id, min(sex) AS sex_1, max(sex) AS sex_2 FROM restricted_record GROUP BY client_id) AS p
    ON p.client_id = a.client_id
