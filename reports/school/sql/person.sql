-- Who the students are that were surely matched, in the registry's words.
SELECT m.place, c.client_id, c.first_name, c.last_name, c.birth_date, c.sex, c.race, c.ethnicity, c.language, c.in_review
FROM asked_match AS m
JOIN client AS c ON c.client_id = m.client_id
ORDER BY m.place
