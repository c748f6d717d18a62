-- Whom each entry of the lists is about, where it finds one person.
SELECT entry_id, min(client_id) AS client_id
FROM (SELECT entry_id, client_id FROM care_numbered UNION SELECT entry_id, client_id FROM care_named) AS either
GROUP BY entry_id
HAVING count(DISTINCT client_id) = 1
