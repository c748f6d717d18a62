-- The doubts about people called tonight: who may be the same person, and whether only likeness is in question.
SELECT d.client_id, d.other_id, d.ordinary
FROM doubt AS d
JOIN called AS k ON k.client_id = d.client_id
ORDER BY d.client_id, d.other_id
