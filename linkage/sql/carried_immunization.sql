-- The rows of a table about doses that are carried over: those of the persons who are not affected.
SELECT p.* FROM $prior AS p
WHERE NOT EXISTS (SELECT 1 FROM affected_client AS a WHERE a.client_id = p.client_id)
