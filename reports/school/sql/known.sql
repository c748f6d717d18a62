-- What each record says of who the people are that were born on a day of the list; everybody, also who may be in no output.
SELECT l.client_id, c.birth_date AS born, r.birth_date AS recorded, r.first, r.middle, r.last, r.last_1, r.last_2, r.suffix, r.alias_first,
    r.alias_last, r.sex, r.zip, l.client_id NOT IN (SELECT client_id FROM shown) AS hidden
FROM standard_record AS r
JOIN client_link AS l ON l.record_id = r.record_id
JOIN client AS c ON c.client_id = l.client_id
WHERE NOT r.withdrawn AND r.first IS NOT NULL AND r.last IS NOT NULL
    AND (r.birth_date IN (SELECT birth_date FROM asked_birth) OR c.birth_date IN (SELECT birth_date FROM asked_birth))
ORDER BY l.client_id, r.record_id
